import Dispatch
import Synchronization

/// The results of the body for 0..<count, computed on all cores; the first error, if any.
func parallelMap<Result: Sendable>(_ count: Int, _ body: @Sendable (Int) throws -> Result) throws -> [Result] {
  let results = Mutex<[Swift.Result<Result, any Error>?]>(Array(repeating: nil, count: count))
  DispatchQueue.concurrentPerform(iterations: count) { index in
    let result = Swift.Result { try body(index) }
    results.withLock { $0[index] = result }
  }
  return try results.withLock { try $0.compactMap { try $0?.get() } }
}
