import Experiments
import GRDB
import Testing

/// What the store remembers of which kernels are used.
@Suite struct KernelChoiceTests {
  private let scope = KernelChoiceScope(library: "oneDNN 2.6.3", machine: "AMD EPYC, model 2", threads: 2)
  private let product = KernelChoiceRecord(
    operation: "matmul", shape: "[8, 8] float32", algorithm: "sgemm", seconds: 0.001)
  private let convolution = KernelChoiceRecord(
    operation: "convolution 3×3", shape: "[1, 8, 9, 9] float32", algorithm: "winograd", seconds: 0.01)

  @Test func choicesComeBackInOrderFromAnotherConnection() throws {
    let scratch = try Scratch()
    let store = try scratch.store()
    try store.remember([product, convolution], in: scope)
    #expect(try scratch.store(.readOnly).kernelChoices(in: scope) == [convolution, product])
  }

  @Test func aNewTimeTakesThePlaceOfTheOld() throws {
    let store = try Scratch.opened()
    try store.store.remember([product, convolution], in: scope)
    let faster = KernelChoiceRecord(
      operation: product.operation, shape: product.shape, algorithm: "OpenBLAS", seconds: 0.0005)
    try store.store.remember([faster], in: scope)
    #expect(try store.store.kernelChoices(in: scope) == [convolution, faster])
  }

  @Test func aPlanByRuleHasNoTime() throws {
    let scratch = try Scratch()
    let store = try scratch.store()
    let byRule = KernelChoiceRecord(operation: product.operation, shape: product.shape, algorithm: "sgemm")
    try store.remember([byRule, convolution], in: scope)
    #expect(try scratch.store(.readOnly).kernelChoices(in: scope) == [convolution, byRule])
  }

  @Test func plansOfAStoreThatKnewTimedOnesAloneStay() throws {
    let scratch = try Scratch()
    try scratch.store().close()
    // As migration 3 left it.
    try scratch.tamper(
      """
      DROP TABLE plans;
      CREATE TABLE plans (
        backend TEXT NOT NULL, machine TEXT NOT NULL, threads INTEGER NOT NULL, operation TEXT NOT NULL,
        shape TEXT NOT NULL, choice TEXT NOT NULL, seconds REAL NOT NULL, created REAL NOT NULL,
        PRIMARY KEY (backend, machine, threads, operation, shape)
      ) STRICT, WITHOUT ROWID;
      INSERT INTO plans VALUES (?, ?, ?, 'matmul', '[8, 8] float32', 'sgemm', 0.001, 1.5);
      DELETE FROM grdb_migrations WHERE identifier = '7-plans-by-rule';
      """, [scope.library, scope.machine, scope.threads])
    #expect(try scratch.store().kernelChoices(in: scope) == [product])
  }

  @Test func plansHoldForOneLibraryMachineAndNumberOfThreads() throws {
    let store = try Scratch.opened()
    try store.store.remember([product], in: scope)
    for other in [
      KernelChoiceScope(library: "oneDNN 3.0", machine: scope.machine, threads: scope.threads),
      KernelChoiceScope(library: scope.library, machine: "another", threads: scope.threads),
      KernelChoiceScope(library: scope.library, machine: scope.machine, threads: 1),
    ] {
      #expect(try store.store.kernelChoices(in: other).isEmpty, "\(other)")
    }
  }

  @Test func aReaderRemembersNothing() throws {
    let scratch = try Scratch()
    try scratch.store().close()
    let reader = try scratch.store(.readOnly)
    #expect(
      storeError { try reader.remember([product], in: scope) }?.code
        == .readOnly(reason: "it was opened for reading"))
    try reader.remember([], in: scope)
  }

  @Test func aStoreFromBeforePlansGetsThem() throws {
    let scratch = try Scratch()
    try scratch.store().close()
    try scratch.tamper(
      """
      DROP TABLE trials; DROP TABLE findings; DROP TABLE plans;
      DELETE FROM grdb_migrations WHERE identifier IN ('3-trials-findings-plans', '7-plans-by-rule');
      """)
    #expect(try scratch.store(.readOnly).kernelChoices(in: scope).isEmpty)
    let store = try scratch.store()
    try store.remember([product], in: scope)
    #expect(try store.kernelChoices(in: scope) == [product])
  }
}

extension Scratch {
  /// A folder with an open store; the folder lives as long as the pair.
  fileprivate static func opened() throws -> (scratch: Scratch, store: ExperimentStore) {
    let scratch = try Scratch()
    return (scratch, try scratch.store())
  }
}
