import Foundation
import Testing

@Suite struct ApplyTests {
  private struct Case: Sendable, CustomTestStringConvertible {
    let arguments: [String]
    let output: String

    init(_ arguments: [String], _ output: String) {
      self.arguments = arguments
      self.output = output
    }

    var testDescription: String { arguments.joined(separator: " ") }
  }

  private static let cases = [
    Case(["relu", "--input", "[-1, 0, 2]", "--gradient"], #"{"output":[0.0,0.0,2.0],"gradient":[0.0,0.0,1.0]}"#),
    Case(["leaky-relu(0.5)", "--input", "-2", "--gradient"], #"{"output":-1.0,"gradient":0.5}"#),
    Case(["tanh", "--input", "[[0]]", "--gradient"], #"{"output":[[0.0]],"gradient":[[1.0]]}"#),
    Case(["relu", "--input", #"["NaN", "Infinity"]"#], #"{"output":["NaN","Infinity"]}"#),
    Case(
      ["dense(2, initializer: constant(1)), relu", "--input", "[[1, 2], [3, -4]]", "--gradient"],
      #"{"output":[[3.0,3.0],[0.0,0.0]],"gradient":[[2.0,2.0],[0.0,0.0]]}"#),
    Case(
      ["max-pool", "--input", "[[[[1, 2], [3, 4]]]]", "--gradient"],
      #"{"output":[[[[4.0]]]],"gradient":[[[[0.0,0.0],[0.0,1.0]]]]}"#),
    Case(["dropout(0.5)", "--input", "[[1, 2]]"], #"{"output":[[1.0,2.0]]}"#),
    Case(
      ["mean-squared-error", "--input", "[[1, 2]]", "--target", "[[0, 0]]", "--gradient"],
      #"{"output":[2.5],"gradient":[[1.0,2.0]]}"#),
    Case(["hinge", "--input", "[[2, 1.5]]", "--target", "[0]"], #"{"output":[0.5]}"#),
    Case(["accuracy", "--input", "[[1, 2], [2, 1]]", "--target", "[1, 1]"], #"{"output":[1.0,0.0]}"#),
    Case(["l2(0.5)", "--input", "[1, 2]", "--gradient"], #"{"output":2.5,"gradient":[1.0,2.0]}"#),
    Case(["horizontal-flip(1)", "--input", "[[1, 2, 3]]"], #"{"output":[[3.0,2.0,1.0]]}"#),
    Case(
      ["constant(2)", "--shape", "3,5"],
      #"{"shape":[3,5],"mean":2.0,"deviation":0.0,"minimum":2.0,"maximum":2.0,"fanIn":5,"fanOut":3}"#),
  ]

  @Test("prints", arguments: cases) private func prints(_ example: Case) async throws {
    let outcome = try await Program().succeed(["apply"] + example.arguments)
    #expect(outcome.output == example.output + "\n")
  }

  @Test func trainingDiffersFromInference() async throws {
    struct Result: Decodable { let output: [[Double]] }
    let program = try Program()
    let arguments = ["apply", "dropout(0.5)", "--input", "[[1, 1, 1, 1, 1, 1, 1, 1]]", "--training", "--seed"]
    let first = try await program.succeed(arguments + ["1"]).json(Result.self).output[0]
    #expect(Set(first) == [0, 2])
    #expect(try await program.succeed(arguments + ["1"]).json(Result.self).output[0] == first)
    #expect(try await program.succeed(arguments + ["2"]).json(Result.self).output[0] != first)
  }

  @Test func readsAFile() async throws {
    let program = try Program()
    defer { program.remove() }
    try program.write("[1, -1]", to: "x.json")
    #expect(try await program.succeed(["apply", "relu", "--input", "@x.json"]).output == "{\"output\":[1.0,0.0]}\n")
  }

  private static let faults: [(arguments: [String], parts: [String])] = [
    (["rellu", "--input", "1"], ["column 1", "no layer 'rellu'", "did you mean 'relu'?", "\n  ^~~~~"]),
    (["dense(2", "--input", "[[1]]"], ["column 6", "never closed"]),
    (["relu)", "--input", "1"], ["column 5", "unbalanced )"]),
    (["leaky-relu(slope: 3)", "--input", "1"], ["column 19", "'slope' of leaky-relu must be", "not 3"]),
    (["leaky-relu(slope: steep)", "--input", "1"], ["column 19", "is a number, not steep"]),
    (["leaky-relu(slop: 0.1)", "--input", "1"], ["no parameter 'slop'", "did you mean 'slope'?"]),
    (["dense(2)", "--input", "[1, 2]"], ["layer 0, dense(2)", "expected 2 axes", "[2]"]),
    (["conv(2), dense(3)", "--input", "[[[[1, 2], [3, 4]]]]"], ["layer 1, dense(3)", "[1, 2, 2, 2]", "flatten"]),
    (["softmax-cross-entropy", "--input", "[[1, 2]]"], ["--target"]),
    (["softmax-cross-entropy", "--input", "[[1, 2]]", "--target", "[2]"], ["2 of example 0", "0 to 1"]),
    (["relu"], ["--input"]),
    (["relu", "--input", "[1, [2]]"], ["--input", "list"]),
    (["relu", "--input", "[[1, 2], [3]]"], ["--input", "2 and 1"]),
    (["relu", "--input", "[]"], ["--input", "empty"]),
    (["relu", "--input", "one"], ["'one' is not a number"]),
    (["relu", "--input", "@none.json"], ["none.json", "no such file"]),
    (["adam", "--input", "1"], ["fledge trace"]),
    (["he-normal", "--shape", "3,x"], ["--shape", "'3,x'"]),
    (["he-normal", "--shape", "1000000,1000000"], ["--shape", "more than"]),
    (["he-normal", "--input", "1"], ["--input"]),
    (["relu", "--input", "1", "--backend", "refrence"], ["--backend", "did you mean 'reference'?"]),
  ]

  @Test("refuses", arguments: faults) func refuses(_ arguments: [String], _ parts: [String]) async throws {
    try await Program().fail(["apply"] + arguments, saying: parts)
  }
}
