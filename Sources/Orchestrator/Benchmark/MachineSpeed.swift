import Execution
import Tensors

/// What a backend reaches on this machine: the measure of what a step could.
public struct MachineSpeed: Sendable {
  /// Multiplications and additions a second of a large matrix product.
  public let operationsPerSecond: Double
  /// Bytes a second that an elementwise loop reads and writes.
  public let bytesPerSecond: Double

  /// The best of many runs, because what others do on the machine only adds.
  ///
  /// `bytes`: what the loop goes through, for it to find the caches as a step of that size does.
  init(_ backend: any Backend, _ options: SessionOptions, touching bytes: Int) throws {
    var options = options
    options.isProfiled = true
    let session = try backend.makeSession(options)
    operationsPerSecond = try Self.operations(session)
    bytesPerSecond = try Self.bytes(session, min(max(bytes, 1 << 18), 1 << 28))
  }

  private static func operations(_ session: any Session) throws -> Double {
    // A backend that is slow with little, such as the reference, is not asked for much.
    let (seconds, operations) = try product(session, size: 128)
    guard seconds < 0.002 else { return operations / seconds }
    let large = try product(session, size: 1024)
    return large.operations / large.seconds
  }

  private static func product(_ session: any Session, size: Int) throws -> (seconds: Double, operations: Double) {
    let trace = Trace()
    let x = trace.input("x", [size, size])
    trace.output(x.matmul(trace.input("y", [size, size])).sum(over: [0, 1]).reshaped(.scalar), as: "sum")
    let program = try session.compile(trace.finish())
    let matrix = Tensor([size, size]) { Double($0 % 7) }.converted(to: session.elementType)
    let kernel = program.plan.costs.firstIndex { $0.floatingPointOperations > 0 }
    return (try fastest(program, [matrix, matrix], kernel), program.graph.floatingPointOperations)
  }

  private static func bytes(_ session: any Session, _ count: Int) throws -> Double {
    let vector = Variable(name: "vector", shape: [count / 4], role: .weight)
    let trace = Trace()
    trace.assign(trace.variable(vector) * 0.999, to: vector)
    try session.write(Tensor(vector.shape) { _ in 1 }.converted(to: session.elementType), to: vector)
    let program = try session.compile(trace.finish())
    return try Double(2 * vector.shape.elementCount * session.elementType.size) / fastest(program, [], 0)
  }

  /// Seconds of the fastest run, or of a kernel in it if the backend tells; repeated until no run is faster for a while.
  private static func fastest(_ program: any Program, _ inputs: [Tensor], _ kernel: Int?) throws -> Double {
    let clock = ContinuousClock()
    let began = clock.now
    var improved = began
    var best = Double.infinity
    var step: UInt64 = 0
    repeat {
      step += 1
      let start = clock.now
      let before = program.kernelSeconds
      _ = try program.run(inputs, step: step)
      let whole = (clock.now - start) / .seconds(1)
      let after = program.kernelSeconds
      let seconds = kernel.flatMap { $0 < after.count ? after[$0] - before[$0] : nil } ?? whole
      if seconds < 0.99 * best { improved = clock.now }
      best = min(best, seconds)
    } while clock.now - improved < .milliseconds(200) && clock.now - began < .seconds(2)
    return best
  }
}
