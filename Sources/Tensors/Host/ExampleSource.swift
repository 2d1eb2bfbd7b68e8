/// Where the inputs of examples come from, row by row: from memory, from a file, or made when they are asked for.
///
/// Laws: a row has the same numbers whenever it is read; several threads may read at once.
public protocol ExampleSource: Sendable {
  /// `[count, features…]`.
  var shape: Shape { get }
  /// How the source keeps its numbers.
  var elementType: ElementType { get }
  /// Replaces `values` by row `index`, which must exist, as floats, in the memory that they have.
  ///
  /// Throws what is wrong with the source, such as a file that has become shorter: a run that reads it ends with that error.
  func copyRow(_ index: Int, into values: inout [Float]) throws
  /// The rows at `indices`, which must exist, in that order: `[indices.count, features…]`, float32. Default: row by row.
  func rows(_ indices: [Int]) throws -> Tensor
}

extension ExampleSource {
  public func rows(_ indices: Range<Int>) throws -> Tensor { try rows(Array(indices)) }

  public func rows(_ indices: [Int]) throws -> Tensor {
    var (row, rows): ([Float], [Float]) = ([], [])
    rows.reserveCapacity(indices.count * shape.sizes.dropFirst().reduce(1, *))
    for index in indices {
      try copyRow(index, into: &row)
      rows += row
    }
    return Tensor(unchecked: Shape([indices.count] + shape.sizes.dropFirst()), .float32(rows))
  }
}

extension Tensor: ExampleSource {
  public var elementType: ElementType { elements.type }

  public func copyRow(_ index: Int, into values: inout [Float]) {
    let count = shape.sizes.dropFirst().reduce(1, *)
    if values.count != count { values = Array(repeating: 0, count: count) }
    func copy<Scalar>(_ rows: [Scalar], _ convert: (Scalar) -> Float) {
      rows.withUnsafeBufferPointer { rows in
        values.withUnsafeMutableBufferPointer { values in
          let row = UnsafeBufferPointer(rebasing: rows[index * count..<(index + 1) * count])
          for position in 0..<count { values[position] = convert(row[position]) }
        }
      }
    }
    switch elements {
    case .float32(let rows): values.replaceSubrange(0..<count, with: rows[index * count..<(index + 1) * count])
    case .float64(let row): copy(row, Float.init)
    case .uint8(let row): copy(row, Float.init)
    case .int32(let row): copy(row, Float.init)
    }
  }

  public func rows(_ indices: [Int]) -> Tensor { gathering(indices).converted(to: .float32) }
}

/// Rows of another source in an order of their own. They stay where they are: nothing is copied.
struct SelectedRows: ExampleSource {
  private let source: any ExampleSource
  private let indices: [Int]

  /// The rows of `source` at `indices`, which must exist. A selection of a selection reads from the first source.
  init(_ source: any ExampleSource, _ indices: some Collection<Int>) {
    let known = 0..<source.shape[0]
    precondition(indices.allSatisfy(known.contains), "a row that is not in \(known) was selected")
    if let selection = source as? SelectedRows {
      self.source = selection.source
      self.indices = indices.map { selection.indices[$0] }
    } else {
      self.source = source
      self.indices = Array(indices)
    }
  }

  var shape: Shape { Shape([indices.count] + source.shape.sizes.dropFirst()) }
  var elementType: ElementType { source.elementType }

  func copyRow(_ index: Int, into values: inout [Float]) throws { try source.copyRow(indices[index], into: &values) }

  func rows(_ rows: [Int]) throws -> Tensor { try source.rows(rows.map { indices[$0] }) }
}
