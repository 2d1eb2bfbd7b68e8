import Dispatch
import Foundation
import Synchronization

/// Prepares items ahead of the one thread that takes them, which get the same items in the same order however many
/// threads prepare them. An item that cannot be made is the last: whoever takes it gets its error.
package final class Prefetcher<Item: Sendable>: Sendable {
  private let state: State
  private let position: Atomic<Int>
  private let waitedNanoseconds = Atomic<Int>(0)

  /// Item `n` lies in slot `n mod capacity`, from when it is made until it is taken.
  private final class State: Sendable {
    let range: Range<Int>
    let make: @Sendable (Int) throws -> Item
    let slots: [Slot]
    /// One count for each slot that is empty and not promised: a number is only given out when its slot is free, so
    /// that item `n + capacity` cannot come before item `n` is taken.
    let places = DispatchSemaphore(value: 0)
    let nextTicket: Atomic<Int>
    let isStopped = Atomic(false)

    init(_ range: Range<Int>, capacity: Int, make: @escaping @Sendable (Int) throws -> Item) {
      self.range = range
      self.make = make
      slots = (0..<capacity).map { _ in Slot() }
      nextTicket = Atomic(range.lowerBound)
      // Counted up from 0, because a semaphore may not die with a count below the one it was made with.
      for _ in slots { places.signal() }
    }

    func slot(_ ticket: Int) -> Slot { slots[ticket % slots.count] }

    func work() {
      while true {
        places.wait()
        guard !isStopped.load(ordering: .acquiring) else { return }
        let ticket = nextTicket.wrappingAdd(1, ordering: .relaxed).oldValue
        guard ticket < range.upperBound else { return }
        let item = Result { try make(ticket) }
        // Items before this one were promised and will be made; those after it would not be taken.
        if case .failure = item { stop() }
        let slot = slot(ticket)
        slot.item.withLock { $0 = item }
        slot.filled.signal()
      }
    }

    /// Lets the threads end, each after the item it is making.
    func stop() {
      isStopped.store(true, ordering: .releasing)
      for _ in slots { places.signal() }
    }
  }

  private final class Slot: Sendable {
    let item = Mutex<Result<Item, any Error>?>(nil)
    let filled = DispatchSemaphore(value: 0)
  }

  /// - Parameters:
  ///   - range: the items' numbers.
  ///   - capacity: items that are ready or being made at once; at least as many as workers.
  ///   - workers: how many threads make items.
  ///   - make: makes the item of a number.
  package init(_ range: Range<Int>, capacity: Int = 3, workers: Int = 1, make: @escaping @Sendable (Int) throws -> Item)
  {
    position = Atomic(range.lowerBound)
    state = State(range, capacity: max(1, capacity, workers), make: make)
    for worker in 0..<min(workers, range.count) {
      let thread = Thread { [state] in state.work() }
      thread.name = "fledge.input.\(worker)"
      thread.start()
    }
  }

  deinit { stop() }

  /// Lets the threads end; no item may be taken afterwards.
  package func stop() { state.stop() }

  /// The next item, waiting for it if need be; nil after the last. Throws in its place what making it has thrown.
  package func next() throws -> Item? {
    let ticket = position.wrappingAdd(1, ordering: .relaxed).oldValue
    guard ticket < state.range.upperBound else { return nil }
    let slot = state.slot(ticket)
    if slot.filled.wait(timeout: .now()) == .timedOut {
      let began = DispatchTime.now().uptimeNanoseconds
      slot.filled.wait()
      waitedNanoseconds.add(Int(DispatchTime.now().uptimeNanoseconds - began), ordering: .relaxed)
    }
    let item = slot.item.withLock { item in
      defer { item = nil }
      return item
    }
    state.places.signal()
    if case .failure = item { position.store(state.range.upperBound, ordering: .relaxed) }
    return try item?.get()
  }

  /// Seconds for which `next` had to wait.
  package var secondsWaited: Double { Double(waitedNanoseconds.load(ordering: .relaxed)) / 1e9 }
}
