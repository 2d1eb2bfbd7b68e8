import Execution
import Orchestrator
import Tensors
import Testing

@Suite struct ProgramNamesTests {
  private func program() throws -> any Program {
    let trace = Trace()
    let (x, y) = (trace.input("x", .scalar), trace.input("y", .scalar))
    trace.output(x - y, as: "difference")
    trace.output(x * y, as: "product")
    return try ReferenceBackend().makeSession(SessionOptions()).compile(trace.finish())
  }

  @Test func inputsAndOutputsGoByName() throws {
    let outputs = try program().run(named: [("y", Tensor(2)), ("x", Tensor(5))], step: 0)
    #expect(try outputs["product"].doubles == [10])
    #expect(try outputs["difference"].doubles == [3])
  }

  @Test func namesThatAreNotTheProgramsAreRefused() throws {
    let program = try program()
    #expect(throws: ProgramNameError.missingInput("y", given: ["x"])) {
      try program.run(named: [("x", Tensor(1))], step: 0)
    }
    #expect(throws: ProgramNameError.unknownInput("z", taken: ["x", "y"])) {
      try program.run(named: [("x", Tensor(1)), ("y", Tensor(1)), ("z", Tensor(1))], step: 0)
    }
    let outputs = try program.run(named: [("x", Tensor(1)), ("y", Tensor(1))], step: 0)
    let text = message { _ = try outputs["produkt"] }
    #expect(text.contains("did you mean 'product'?"), "\(text)")
  }
}
