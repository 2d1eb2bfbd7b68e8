import Datasets
import Registry
import Tensors

extension ConformanceSuite {
  /// A dataset that needs files is looked at where there are none: it must say what is missing and what to do.
  func datasetChecks(_ entry: Registry.Entry) -> [CheckResult] {
    [
      result(entry, "missing files") {
        for (title, part) in try datasets(entry) {
          do {
            _ = try part.load(emptyPlace)
          } catch let error as DatasetError {
            guard error.place != nil || !error.remedy.isEmpty else {
              throw Failure("\(title): the error names neither a place nor a remedy: \(error)")
            }
            return "\(error.code.rawValue)"
          }
        }
        throw Skip(reason: "needs no file")
      },
      result(entry, "examples") {
        try forEachLoad(entry) { title, _, splits in
          guard splits.train.count > 0 else { throw Failure("\(title): has no training examples") }
          try check(splits.train, "\(title), training")
          guard let test = splits.test else { return }
          try check(test, "\(title), test")
          guard test.inputShape == splits.train.inputShape, test.classNames == splits.train.classNames else {
            throw Failure("\(title): training and test examples differ in shape or classes")
          }
        }
      },
      result(entry, "repeatable") {
        try forEachLoad(entry) { title, part, splits in
          let again = try part.load(emptyPlace)
          guard try bytes(again.train) == bytes(splits.train), try again.test.map(bytes) == splits.test.map(bytes)
          else {
            throw Failure("\(title), seed \(seed): loaded again, the bytes differ")
          }
        }
      },
      result(entry, "rows") {
        try forEachLoad(entry) { title, _, splits in
          for (split, examples) in [("training", splits.train), ("test", splits.test)] {
            guard let examples else { continue }
            do {
              _ = try Self.checkRows(of: examples.inputs)
            } catch {
              throw Failure("\(title), \(split): \(error)")
            }
          }
        }
      },
      result(entry, "limit") {
        var isLimited = false
        let text = try forEachLoad(entry) { title, part, splits in
          guard part.parameters.contains(where: { $0.schema.label == "limit" && $0.value == Self.limit.term }) else {
            return
          }
          isLimited = true
          for (split, examples) in [("training", splits.train), ("test", splits.test)] {
            guard let examples, examples.count > Self.limit else { continue }
            throw Failure("\(title): has \(examples.count) \(split) examples")
          }
        }
        if !isLimited { throw Skip(reason: "has no parameter 'limit'") }
        return text
      },
    ]
  }

  private static let limit = 30

  /// A place without any file.
  var emptyPlace: DatasetContext {
    DatasetContext(
      seed: seed, dataFolders: [], workingFolder: "/fledge-conformance/none", systemFolder: "/fledge-conformance/none")
  }

  /// The variants, limited to few examples where they can be; titles are whole specifications.
  private func datasets(_ entry: Registry.Entry) throws -> [(title: String, part: any Dataset)] {
    try variants(of: entry).compactMap { title, part in
      var specification = try Specification(parsing: title, origin: "variant of \(entry.name)")
      let hasLimit = part.parameters.contains { $0.schema.label == "limit" }
      if hasLimit, !specification.arguments.contains(where: { $0.label == "limit" }) {
        specification.arguments.append(.init("limit", Self.limit.term))
      }
      let limited = try registry.make(specification, entry)
      return (limited as? any Dataset).map { (Specification(of: limited).description, $0) }
    }
  }

  private func forEachLoad(
    _ entry: Registry.Entry, _ body: (_ title: String, _ part: any Dataset, _ splits: DatasetSplits) throws -> Void
  ) throws -> String {
    let datasets = try datasets(entry)
    for (title, part) in datasets {
      let splits: DatasetSplits
      do {
        splits = try part.load(emptyPlace)
      } catch is DatasetError {
        throw Skip(reason: "needs files")
      }
      try body(title, part, splits)
    }
    return "\(datasets.count) variants"
  }

  /// Numbers are finite, labels are those of classes that have names.
  private func check(_ examples: Examples, _ place: String) throws {
    let numbers = try [examples.inputs.rows(0..<examples.count), examples.targets]
    guard numbers.allSatisfy({ $0.doubles.allSatisfy(\.isFinite) }) else {
      throw Failure("\(place): not all numbers are finite")
    }
    guard let names = examples.classNames else { return }
    guard !names.isEmpty, Set(names).count == names.count, !names.contains("") else {
      throw Failure("\(place): the class names \(names) are not all there, or not all different")
    }
    guard examples.targets.shape.rank == 1 else {
      throw Failure("\(place): class indices are [count], not \(examples.targets.shape)")
    }
    let labels = examples.targets.doubles
    if let label = labels.first(where: { $0 != $0.rounded() || $0 < 0 || $0 >= Double(names.count) }) {
      throw Failure("\(place): the label \(label) is not in 0..<\(names.count)")
    }
  }

  private func bytes(_ examples: Examples) throws -> [[UInt8]] {
    let inputs = try examples.inputs.rows(0..<examples.count).bytes
    return [inputs, examples.targets.bytes] + (examples.classNames ?? []).map { Array($0.utf8) }
  }
}
