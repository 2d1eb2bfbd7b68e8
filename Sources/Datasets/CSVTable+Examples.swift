import Tensors

extension CSVTable {
  /// The rows as examples. Throws ``DatasetError``.
  mutating func examples(inputs: [Int], label: Int, task: CSV.Task) throws(DatasetError) -> Examples {
    try collectValues(of: inputs.filter { !columns[$0].isNumeric } + [label])
    let labels = try CSVLabels(columns[label], rowCount: rowCount, task: task, file: file)
    let encodings = try inputs.map { index throws(DatasetError) in
      try Encoding(columns[index], column: index, file: file)
    }
    let featureCount = encodings.reduce(0) { $0 + $1.width }
    guard featureCount > 0 else {
      throw DatasetError(
        .empty, at: .init(file: file), "no columns are left as inputs", remedy: "drop fewer columns")
    }
    try DatasetError.checkMemory(
      for: [rowCount, featureCount], .float32, at: .init(file: file), remedy: "drop columns of many categories")
    var classIndices: [String: Int32] = [:]
    for (index, name) in (labels.classNames ?? []).enumerated() { classIndices[name] = Int32(index) }
    var features: [Float] = []
    features.reserveCapacity(rowCount * featureCount)
    var classes: [Int32] = []
    var numbers: [Float] = []
    try forEachRow { table, reader, fields throws(DatasetError) in
      for encoding in encodings { try encoding.append(fields[encoding.column], of: table, reader, to: &features) }
      switch labels {
      case .numbers:
        numbers.append(Float(try table.number(fields[label], column: label, reader)))
      case .classes(_, isNumeric: true):
        let name = CSVLabels.text(try table.number(fields[label], column: label, reader))
        classes.append(classIndices[name, default: 0])
      case .classes(_, isNumeric: false):
        classes.append(classIndices[try reader.text(fields[label]), default: 0])
      }
    }
    let targets: Tensor? =
      if case .numbers = labels {
        Tensor([rowCount, 1], .float32(numbers))
      } else {
        Tensor([rowCount], .int32(classes))
      }
    guard let values = Tensor([rowCount, featureCount], .float32(features)), let targets,
      let examples = Examples(inputs: values, targets: targets, classNames: labels.classNames)
    else { throw DatasetError(.countMismatch, at: .init(file: file), "inputs and labels differ in number") }
    return examples
  }
}

/// How the fields of one column become features.
private struct Encoding {
  let column: Int
  /// Where each category stands; nil for numbers.
  private let positions: [String: Int]?

  init(_ column: CSVColumn, column index: Int, file: String) throws(DatasetError) {
    self.column = index
    positions =
      column.isNumeric
      ? nil
      : Dictionary(uniqueKeysWithValues: try column.categories(in: file).enumerated().map { ($0.element, $0.offset) })
  }

  var width: Int { positions?.count ?? 1 }

  func append(
    _ field: CSVReader.Field, of table: CSVTable, _ reader: CSVReader, to features: inout [Float]
  ) throws(DatasetError) {
    guard let positions else {
      features.append(Float(try table.number(field, column: column, reader)))
      return
    }
    let start = features.count
    features += repeatElement(0, count: width)
    if let position = positions[try reader.text(field)] { features[start + position] = 1 }
  }
}
