import Dispatch
import Synchronization
public import Tensors

extension ConformanceSuite {
  /// Checks the laws of a source of examples, of which every row is read: it has as many numbers as its shape says, and the
  /// same ones when it is read again, whether by one thread or by four at once.
  public static func check(_ source: any ExampleSource, named name: String) -> CheckResult {
    result(kind: "example source", name: name, "rows") { try checkRows(of: source) }
  }

  static func checkRows(of source: any ExampleSource) throws -> String {
    let count = source.shape[0]
    let size = Shape(Array(source.shape.sizes.dropFirst())).elementCount
    let rows = try (0..<count).map { index in
      // From none, as a program begins, then over another row, as it goes on.
      let row = try bits(of: index, in: source, over: [])
      guard row.count == size else { throw Failure("row \(index) has \(row.count) numbers, not \(size)") }
      let overwritten = try bits(of: index, in: source, over: Array(repeating: .nan, count: size))
      guard overwritten == row else { throw Failure("row \(index) has other numbers when it is read again") }
      return row
    }
    let whole = try source.rows(Array(0..<count).reversed()).floats.map(\.bitPattern)
    guard whole == rows.reversed().flatMap(\.self) else { throw Failure("all rows at once have other numbers") }
    let failure = Mutex<(any Error)?>(nil)
    DispatchQueue.concurrentPerform(iterations: threads) { thread in
      do {
        // Each thread begins elsewhere, so that different rows are read at once.
        for position in 0..<count {
          let index = (position + thread * count / threads) % count
          guard try bits(of: index, in: source, over: []) == rows[index] else {
            throw Failure("row \(index) has other numbers when \(threads) threads read at once")
          }
        }
      } catch {
        failure.withLock { $0 = $0 ?? error }
      }
    }
    if let failure = failure.withLock({ $0 }) { throw failure }
    return "\(count) rows"
  }

  private static let threads = 4

  private static func bits(of index: Int, in source: any ExampleSource, over values: [Float]) throws -> [UInt32] {
    var values = values
    try source.copyRow(index, into: &values)
    return values.map(\.bitPattern)
  }
}
