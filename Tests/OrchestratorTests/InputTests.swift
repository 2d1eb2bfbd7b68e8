import Orchestrator
import Testing

@Suite struct InputTests {
  @Test(arguments: [1, 2, 3, 5])
  func itemsComeInOrderHoweverManyThreadsMakeThem(workers: Int) throws {
    let prefetcher = Prefetcher(7..<400, capacity: 3, workers: workers) { number in
      // Later items are quicker than earlier ones, so that threads overtake one another.
      (0..<(400 - number)).reduce(number) { sum, _ in sum &+ 0 }
    }
    var items: [Int] = []
    while let item = try prefetcher.next() { items.append(item) }
    #expect(items == Array(7..<400), "\(workers) workers")
    #expect(try prefetcher.next() == nil)
  }

  @Test func oneMayStopEarly() throws {
    for taken in 0..<5 {
      let prefetcher = Prefetcher(0..<1000, workers: 2) { $0 }
      for number in 0..<taken { #expect(try prefetcher.next() == number) }
      prefetcher.stop()
    }
  }

  /// The items before it come; its error comes in its place, once; nobody waits for ever.
  @Test(arguments: [(1, 0), (1, 5), (2, 5), (3, 1), (5, 399)])
  func anItemThatCannotBeMadeIsAnErrorInItsPlace(workers: Int, place: Int) throws {
    struct Fault: Error, Equatable { let number: Int }
    let prefetcher = Prefetcher(0..<400, capacity: 3, workers: workers) { number in
      if number >= place { throw Fault(number: number) }
      return number
    }
    for number in 0..<place { #expect(try prefetcher.next() == number) }
    #expect(throws: Fault(number: place)) { _ = try prefetcher.next() }
    #expect(try prefetcher.next() == nil && prefetcher.next() == nil)
  }

  @Test func anEpochShowsEveryExampleOnce() {
    let order = EpochOrder(count: 23, batch: 5, seed: 3, shuffles: true)
    #expect(order.stepsPerEpoch == 5 && order.lastBatch == 3)
    var epochs: [[Int]] = []
    for epoch in 0..<3 {
      let steps = (0..<5).map { order.examples(ofStep: epoch * 5 + $0) }
      #expect(steps.allSatisfy { $0.epoch == epoch } && steps.map(\.indices.count) == [5, 5, 5, 5, 3])
      epochs.append(steps.flatMap(\.indices))
      #expect(epochs[epoch].sorted() == Array(0..<23))
    }
    #expect(Set(epochs).count == 3)
  }

  @Test func theOrderIsAFunctionOfSeedAndEpoch() {
    let first = EpochOrder(count: 50, batch: 7, seed: 3, shuffles: true)
    let second = EpochOrder(count: 50, batch: 7, seed: 3, shuffles: true)
    // Asked for in another order, far apart, and again.
    for step in [40, 0, 9, 16, 0, 40] {
      #expect(first.examples(ofStep: step).indices == second.examples(ofStep: step).indices)
    }
    let other = EpochOrder(count: 50, batch: 7, seed: 4, shuffles: true)
    #expect(first.examples(ofStep: 0).indices != other.examples(ofStep: 0).indices)
    let plain = EpochOrder(count: 50, batch: 7, seed: 3, shuffles: false)
    #expect(Array(plain.examples(ofStep: 8).indices) == Array(0..<7))
  }
}
