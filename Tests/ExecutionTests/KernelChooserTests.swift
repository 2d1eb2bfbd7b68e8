import Execution
import Registry
import Tensors
import Testing

/// The choice between kernels, with candidates that take what time the test says.
@Suite struct KernelChooserTests {
  /// Candidates of known speed, on a clock that only they move.
  private final class Bench: KernelTrial {
    var now = 0.0
    var preemptions = 0
    /// Which run, from 0 of all, is disturbed.
    var isDisturbed: (Int) -> Bool = { _ in false }
    /// Every run, in order.
    var runs: [String] = []
    var seconds: [String: [Double]]
    var result: [String: Float] = [:]
    /// Which run, from 0 of each, is the first to fail.
    var failures: [String: Int] = [:]
    private var last = ""

    init(_ seconds: [String: [Double]]) { self.seconds = seconds }

    func chooser(_ tuning: Tuning, known: KernelChoices = KernelChoices()) -> KernelChooser {
      KernelChooser(known: known, tuning: tuning) {
        .init(seconds: self.now, preemptions: self.preemptions)
      }
    }

    func prepare(_ name: String) { now += 0.001 }

    /// The last of the times stands for all further runs.
    func run(_ name: String) throws(ExecutionError) {
      let count = runs.count { $0 == name }
      let times = seconds[name] ?? [1]
      now += times[min(count, times.count - 1)]
      if isDisturbed(runs.count) { preemptions += 10 }
      runs.append(name)
      if let failure = failures[name], count >= failure {
        throw .kernelFailed(kernel: "matmul", reason: "\(name) fails")
      }
      last = name
    }

    var sample: [Float] { [1, result[last] ?? 1] }
  }

  private let key = KernelChoices.Key(operation: "matmul", shape: "[8, 8] · [8, 8] → [8, 8] float32")

  private func choose(
    _ bench: Bench, _ chooser: KernelChooser, _ names: [String], work: Double = 1e9, approximate: Set<String> = [],
    missing: Set<String> = [], key: KernelChoices.Key? = nil, advantage: Double = 1.05
  ) -> KernelChooser.Chosen<String>? {
    let candidates = names.map { name in
      KernelChooser.Candidate(name, tolerance: approximate.contains(name) ? 1e-4 : nil) {
        missing.contains(name) ? nil : name
      }
    }
    return chooser.choose(key ?? self.key, work: work, candidates, advantage: advantage, trial: { bench })
  }

  @Test(arguments: [(1.05, "plain"), (1.3, "blocks")])
  func whatTheRuleNamesMayTakeLonger(advantage: Double, expected: String) {
    let bench = Bench(["blocks": [0.005], "plain": [0.004]])
    let chosen = choose(bench, bench.chooser(.missing), ["blocks", "plain"], advantage: advantage)
    #expect(chosen?.name == expected)
  }

  @Test func whatALibraryMakesAtTheFirstRunDoesNotCount() {
    let bench = Bench(["direct": [0.004], "sgemm": [0.022, 0.001]])
    #expect(choose(bench, bench.chooser(.missing), ["direct", "sgemm"])?.name == "sgemm")
  }

  @Test func theFastestIsChosenAndItsRivalsAreNamed() {
    let bench = Bench(["direct": [0.0052], "winograd": [0.0031], "gemm": [0.0121]])
    let chooser = bench.chooser(.missing)
    let chosen = choose(bench, chooser, ["direct", "winograd", "gemm"])
    #expect(chosen?.made == "winograd")
    #expect(chosen?.note == "3.10 ms; direct 5.20 ms; gemm 12.1 ms")
    let choice = chooser.choices[key]
    #expect(choice?.algorithm == "winograd" && abs((choice?.seconds ?? 0) - 0.0031) < 1e-9)
  }

  @Test(arguments: [(0.0100, "rule"), (0.0096, "rule"), (0.0095, "other"), (0.009, "other")])
  func theKernelOfTheRuleIsKeptUnlessAnotherIsClearlyFaster(seconds: Double, expected: String) {
    let bench = Bench(["rule": [0.01], "other": [seconds]])
    #expect(choose(bench, bench.chooser(.missing), ["rule", "other"])?.made == expected, "other takes \(seconds) s")
  }

  @Test func theLeastTimeCounts() {
    // A disturbance in the first run of one, and in all but one of the other.
    let bench = Bench(["rule": [0.010], "other": [0.012, 0.008, 0.013]])
    #expect(choose(bench, bench.chooser(.missing), ["rule", "other"])?.made == "other")
  }

  @Test func aColdStartIsForgiven() {
    let bench = Bench(["rule": [0.025, 0.004], "other": [0.015, 0.014]])
    #expect(choose(bench, bench.chooser(.missing), ["rule", "other"])?.made == "rule")
  }

  @Test func runsAlternateAndTheHopelessAreLeftOut() {
    let bench = Bench(["a": [0.01], "b": [0.01], "c": [0.04]])
    _ = choose(bench, bench.chooser(.missing), ["a", "b", "c"])
    #expect(Array(bench.runs.prefix(7)) == ["a", "b", "c", "a", "b", "a", "b"])
    #expect(!bench.runs.dropFirst(3).contains("c"))
    #expect(bench.now <= 0.17, "one shape took \(bench.now) s")
  }

  @Test func equalKeysAreTimedOnce() {
    let bench = Bench(["a": [0.01], "b": [0.001]])
    let chooser = bench.chooser(.missing)
    let first = choose(bench, chooser, ["a", "b"])
    let runs = bench.runs.count
    let second = choose(bench, chooser, ["a", "b"])
    #expect(bench.runs.count == runs)
    #expect(second?.made == "b" && second?.note == first?.note)
  }

  @Test func whatIsKnownIsNotTimed() {
    let bench = Bench(["a": [0.01], "b": [0.001], "c": [0.002]])
    let known = KernelChoices([key: .init(algorithm: "c", seconds: 0.002)])
    for tuning in [Tuning.missing, .never] {
      let chooser = bench.chooser(tuning, known: known)
      let chosen = choose(bench, chooser, ["a", "b", "c"])
      #expect(chosen?.made == "c" && chosen?.note == "remembered", "\(tuning)")
      #expect(chooser.choices == known, "\(tuning)")
    }
    #expect(bench.runs.isEmpty)
    #expect(choose(bench, bench.chooser(.again, known: known), ["a", "b", "c"])?.made == "b")
    #expect(!bench.runs.isEmpty)
  }

  @Test func whatIsKnownButNoCandidateIsChosenAnew() {
    let known = KernelChoices([key: .init(algorithm: "winograd")])
    let timed = Bench(["a": [0.01], "b": [0.001]])
    #expect(choose(timed, timed.chooser(.missing, known: known), ["a", "b"])?.made == "b")
    let byRule = Bench(["a": [0.01], "b": [0.001]])
    #expect(choose(byRule, byRule.chooser(.never, known: known), ["a", "b"])?.made == "a")
    let refused = choose(byRule, byRule.chooser(.never, known: known), ["a", "winograd"], missing: ["winograd"])
    #expect(refused?.made == "a")
    #expect(byRule.runs.isEmpty)
  }

  @Test func withoutTimingOrWithLittleWorkTheRuleHolds() {
    let bench = Bench(["a": [0.01], "b": [0.001]])
    #expect(choose(bench, bench.chooser(.never), ["a", "b"])?.made == "a")
    let small = bench.chooser(.missing)
    #expect(choose(bench, small, ["a", "b"], work: 1e6)?.made == "a")
    #expect(small.choices[key] == .init(algorithm: "a"))
    #expect(choose(bench, bench.chooser(.missing), ["a", "b"], missing: ["a"])?.made == "b")
    #expect(choose(bench, bench.chooser(.missing), ["a", "b"], missing: ["a", "b"]) == nil)
    #expect(bench.runs.isEmpty)
  }

  @Test func aPlanHasSoMuchTimeAndTheNextHasItsOwn() {
    let bench = Bench(["a": [0.7], "b": [0.5]])
    let chooser = bench.chooser(.missing)
    func choices(_ plan: String) -> [String] {
      (0..<5).compactMap { index in
        choose(bench, chooser, ["a", "b"], key: .init(operation: plan, shape: "\(index)"))?.made
      }
    }
    #expect(choices("first") == ["b", "b", "a", "a", "a"])
    let late = choose(bench, chooser, ["a", "b"], key: .init(operation: "first", shape: "late"))
    #expect(late?.note == "not timed: others of the plan took its time")
    #expect(bench.now < 5, "took \(bench.now) s")
    chooser.finishPlan()
    #expect(choices("second") == ["b", "b", "a", "a", "a"])
  }

  @Test(arguments: [(Float(1.00005), "winograd"), (1.001, "direct"), (.nan, "direct")])
  func whatIsFastButWrongIsNoCandidate(result: Float, expected: String) {
    for order in [["direct", "winograd"], ["winograd", "direct"]] {
      let bench = Bench(["direct": [0.01], "winograd": [0.001]])
      bench.result = ["winograd": result]
      let chosen = choose(bench, bench.chooser(.missing), order, approximate: ["winograd"])
      #expect(chosen?.made == expected, "\(order), \(result) for 1")
    }
  }

  @Test func aRunThatOthersDisturbedSaysNothing() {
    let bench = Bench(["rule": [0.010], "other": [0.001, 0.020]])
    bench.isDisturbed = { $0 == 1 }
    #expect(choose(bench, bench.chooser(.missing), ["rule", "other"])?.made == "rule")
  }

  @Test func aChoiceByRuleStaysOnceTheMachineIsCalm() {
    let busy = Bench(["rule": [0.010], "other": [0.001]])
    busy.isDisturbed = { _ in true }
    let first = busy.chooser(.missing)
    #expect(choose(busy, first, ["rule", "other"])?.note == "not timed: the machine was busy")

    let calm = Bench(["rule": [0.010], "other": [0.001]])
    let second = calm.chooser(.missing, known: first.choices)
    let chosen = choose(calm, second, ["rule", "other"])
    #expect(chosen?.made == "rule" && chosen?.note == "remembered, not timed")
    #expect(second.choices == first.choices)
    #expect(calm.runs.isEmpty)
    #expect(choose(calm, calm.chooser(.again, known: first.choices), ["rule", "other"])?.made == "other")
  }

  @Test func whatCannotBeTimedAnewKeepsItsKernel() {
    let known = KernelChoices([key: .init(algorithm: "other", seconds: 0.001)])
    let busy = Bench(["rule": [0.010], "other": [0.001]])
    busy.isDisturbed = { _ in true }
    let chooser = busy.chooser(.again, known: known)
    let chosen = choose(busy, chooser, ["rule", "other"])
    #expect(chosen?.made == "other" && chosen?.note == "remembered, not timed: the machine was busy")
    #expect(chooser.choices == known)
  }

  @Test func onABusyMachineTheRuleDecides() {
    let bench = Bench(["rule": [0.010], "other": [0.001]])
    bench.isDisturbed = { $0.isMultiple(of: 2) }
    let chooser = bench.chooser(.missing)
    let chosen = choose(bench, chooser, ["rule", "other"])
    #expect(chosen?.made == "rule" && chosen?.note == "not timed: the machine was busy")
    #expect(chooser.choices[key] == .init(algorithm: "rule"))
    #expect(bench.now < 0.2, "took \(bench.now) s")
    for index in 2...5 {
      let began = bench.now
      let other = choose(bench, chooser, ["rule", "other"], key: .init(operation: "busy", shape: "\(index)"))
      #expect(other?.note == chosen?.note, "kernel \(index)")
      #expect((bench.now > began) == (index <= 3), "kernel \(index) of a plan on a busy machine")
    }
  }

  @Test(arguments: [0, 1])
  func aCandidateThatFailsIsOutOfTheRace(run: Int) {
    for failing in ["rule", "other"] {
      let bench = Bench(["rule": [0.010], "other": [0.008], "slow": [0.025]])
      bench.failures = [failing: run]
      let chosen = choose(bench, bench.chooser(.missing), ["rule", "other", "slow"])
      #expect(chosen?.made == (failing == "rule" ? "other" : "rule"), "\(failing) fails in run \(run)")
      #expect(bench.runs.count { $0 == failing } == run + 1)
    }
  }

  @Test func whereEveryCandidateFailsTheRuleDecidesAndSaysWhy() {
    let bench = Bench([:])
    bench.failures = ["rule": 0, "other": 0]
    let chosen = choose(bench, bench.chooser(.missing), ["rule", "other"])
    #expect(chosen?.made == "rule")
    #expect(chosen?.note == "not timed: the kernel of 'matmul' failed: rule fails")
  }

  @Test func choicesAreTextInTheOrderOfTheirKeys() throws {
    let choices = KernelChoices([
      .init(operation: "matmul", shape: "b"): .init(algorithm: "x", seconds: 1),
      .init(operation: "matmul", shape: "a"): .init(algorithm: "y"),
      .init(operation: "convolution", shape: "c"): .init(algorithm: "z", seconds: 2),
    ])
    let copy = KernelChoices(choices.byKey.mapValues { .init(algorithm: $0.algorithm) })
    let text = try encoded(choices)
    #expect(try decoded(text) == copy)
    #expect(text.split(separator: "\"shape\":").count == 4)
    #expect(try encoded(copy) == text)
  }
}
