import Experiments
import Testing

/// Tables of metrics.
@Suite struct TableTests {
  private func table(
    _ split: String, step: Int, _ values: [Double], name: String = "confusion-matrix"
  ) -> StoredTable {
    StoredTable(
      name: name, split: split, step: step, epoch: step / 2, rowAxis: "true", columnAxis: "predicted",
      rows: ["a", "b \"c\""], columns: ["a", "b \"c\""], values: values)
  }

  @Test func theNewestOfEachSplitAndNameIsGiven() throws {
    let scratch = try Scratch()
    let store = try scratch.store()
    let recorder = try store.begin(NewRun(name: "r", recipeYAML: ""))
    let odd = table("validation", step: 2, [.nan, .infinity, -.infinity, 0.1])
    try recorder.record([], tables: [table("validation", step: 4, [1, 2, 3, 4]), odd])
    try recorder.record([], tables: [table("validation", step: 2, [5, 6, 7, 8], name: "another")])
    try recorder.record([], tables: [table("test", step: 4, [9, 9, 9, 9])])
    try recorder.record([], tables: [table("validation", step: 4, [4, 3, 2, 1])])
    try recorder.finish(.completed)
    #expect(
      try store.tables(ofRun: "r") == [
        table("test", step: 4, [9, 9, 9, 9]), table("validation", step: 2, [5, 6, 7, 8], name: "another"),
        table("validation", step: 4, [4, 3, 2, 1]),
      ])
    let all = try store.tables(ofRun: "r", ofAllSteps: true).filter { $0.name != "another" && $0.split != "test" }
    #expect(all.map(\.step) == [2, 4])
    #expect(all.first?.values.map(\.bitPattern) == odd.values.map(\.bitPattern))
  }

  @Test func aRunThatIsTakenUpForgetsLaterOnesAndADeletedRunAll() throws {
    let scratch = try Scratch()
    let store = try scratch.store()
    let recorder = try store.begin(NewRun(name: "r", recipeYAML: ""))
    try recorder.record([], tables: [table("validation", step: 2, [1, 2, 3, 4])])
    try recorder.saveCheckpoint(checkpoint(2, []))
    try recorder.record([], tables: [table("validation", step: 4, [4, 3, 2, 1])])
    try recorder.finish(.interrupted)
    try store.resume(run: "r", after: 2).finish(.completed)
    #expect(try store.tables(ofRun: "r").map(\.step) == [2])
    try store.delete(run: "r")
    try store.close()
    #expect(try scratch.figure("SELECT count(*) FROM metric_tables") == 0)
  }
}
