import CKernels
import Testing

@Suite struct ReductionTests {
  static let counts = oddCounts + [1000, 4095, 4096, 4097, 10_001]

  @Test(arguments: counts) func sums(_ count: Int) {
    let x = numbers(count)
    let sum = x.reduce(0.0) { $0 + Double($1) }
    #expect(abs(Double(fledge_sum(x, count)) - sum) <= 1e-6 * max(1, Double(count).squareRoot()))
  }

  @Test func aLongSumOfSmallNumbersKeepsItsDigits() {
    let count = 3_000_000
    let x = [Float](repeating: 0.1, count: count)
    let wanted = Double(Float(0.1)) * Double(count)
    #expect(abs(Double(fledge_sum(x, count)) - wanted) / wanted < 1e-6)
  }

  @Test(arguments: counts) func bitsDoNotDependOnAlignment(_ count: Int) {
    let x = numbers(count)
    let sum = fledge_sum(x, count)
    for shift in 1...17 {
      let shifted = [Float](repeating: 9, count: shift) + x
      shifted.withUnsafeBufferPointer { shifted in
        guard let shifted = shifted.baseAddress else { return }
        #expect(identical(fledge_sum(shifted + shift, count), sum), "shifted by \(shift)")
      }
    }
  }

  @Test(arguments: counts) func extremes(_ count: Int) {
    var x = numbers(count)
    #expect(fledge_maximum(x, count) == x.max() ?? -.infinity)
    for at in Set([0, count / 3, count - 1]) where x.indices.contains(at) {
      let kept = x[at]
      x[at] = 2
      #expect(fledge_maximum(x, count) == 2, "greatest at \(at)")
      x[at] = .nan
      #expect(fledge_maximum(x, count).isNaN, "NaN at \(at)")
      x[at] = kept
    }
  }

  @Test func extremesOfInfinities() { #expect(fledge_maximum([-.infinity, -.infinity], 2) == -.infinity) }

  @Test func accumulation() {
    for count in oddCounts {
      let start = numbers(count + 2), x = numbers(count + 2, seed: 5)
      var sum = start, greatest = start
      fledge_accumulate_sum(&sum, x, count)
      fledge_accumulate_maximum(&greatest, x, count)
      #expect(sum == (0..<count).map { start[$0] + x[$0] } + start[count...], "\(count)")
      #expect(greatest == (0..<count).map { max(start[$0], x[$0]) } + start[count...], "\(count)")
    }
    var greatest: [Float] = [.nan, 1]
    fledge_accumulate_maximum(&greatest, [1, .nan], 2)
    #expect(greatest.allSatisfy { $0.isNaN })
  }

  @Test func rows() {
    for columns in oddCounts {
      let stride = columns + 3
      let x = numbers(5 * stride)
      var sums: [Float] = [1, 2, 3, 4, 5], greatest: [Float] = [-5, 0.9, -5, -5, .nan]
      let before = greatest
      fledge_sum_rows(&sums, x, 5, columns, stride)
      fledge_maximum_rows(&greatest, x, 5, columns, stride)
      for r in 0..<5 {
        let row = Array(x[r * stride..<r * stride + columns])
        #expect(identical(sums[r], Float(r + 1) + fledge_sum(row, columns)), "row \(r) of \(columns)")
        let wanted = r == 4 ? Float.nan : max(before[r], row.max() ?? -.infinity)
        #expect(identical(greatest[r], wanted), "row \(r) of \(columns)")
      }
    }
  }
}
