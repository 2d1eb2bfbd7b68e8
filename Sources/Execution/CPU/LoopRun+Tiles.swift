/// Where a loop's elements lie along its axes.
extension LoopRun {
  /// A stretch of elements that is worked on at once.
  struct Tile {
    let start: Int
    let count: Int
    /// Of its first element, along each axis: divided once, as every operand with strides of its own asks for them.
    let indices: UnsafePointer<Int>
    /// Whole rows of the innermost axis, if it begins with one.
    let wholeRows: Int
  }

  /// A piece of a tile: whole rows of the innermost axis, or a part of one.
  struct Piece {
    /// Where it begins in the tile.
    let position: Int
    /// Where its first element lies under the strides.
    let offset: Int
    let rows: Int
    let columns: Int
    /// From one row to the next, under the strides.
    let rowStride: Int
    var count: Int { rows * columns }
  }

  /// A tile whose indices are kept in `indices`, until the next is made there.
  func tile(at start: Int, _ count: Int, _ indices: UnsafeMutableBufferPointer<Int>) -> Tile {
    var rest = start
    for axis in stride(from: sizes.count - 1, to: 0, by: -1) {
      let (quotient, remainder) = rest.quotientAndRemainder(dividingBy: sizes[axis])
      indices[axis] = remainder
      rest = quotient
    }
    indices[0] = rest
    let innermost = sizes.count - 1
    return Tile(
      start: start, count: count, indices: UnsafePointer(indices.baseAddress.unsafelyUnwrapped),
      wholeRows: indices[innermost] == 0 ? count / sizes[innermost] : 0)
  }

  /// Calls `body` with the pieces of a tile; mostly it is one.
  @inline(__always)
  func forEachPiece(of tile: Tile, _ strides: UnsafePointer<Int>, _ body: (Piece) -> Void) {
    let innermost = sizes.count - 1
    let (width, height) = (sizes[innermost], innermost > 0 ? sizes[innermost - 1] : 1)
    let rowStride = innermost > 0 ? strides[innermost - 1] : 0
    var offset = 0
    for axis in 0...innermost { offset &+= tile.indices[axis] &* strides[axis] }
    let rowsBelow = innermost > 0 ? height - tile.indices[innermost - 1] : 1
    let rows = tile.wholeRows > 0 ? min(tile.wholeRows, rowsBelow) : 1
    let columns = tile.wholeRows > 0 ? width : min(width - tile.indices[innermost], tile.count)
    body(Piece(position: 0, offset: offset, rows: rows, columns: columns, rowStride: rowStride))
    var position = rows * columns
    guard position < tile.count else { return }
    // The next begins with a row.
    var row = (tile.start + position) / width
    while position < tile.count {
      let left = tile.count - position
      let rows = left >= width ? min(left / width, height - row % height) : 1
      let columns = min(width, left)
      body(
        Piece(
          position: position, offset: self.offset(ofRow: row, strides), rows: rows, columns: columns,
          rowStride: rowStride))
      position += rows * columns
      row += rows
    }
  }

  private func offset(ofRow row: Int, _ strides: UnsafePointer<Int>) -> Int {
    var rest = row
    var offset = 0
    for axis in stride(from: sizes.count - 2, through: 1, by: -1) {
      let (quotient, remainder) = rest.quotientAndRemainder(dividingBy: sizes[axis])
      offset += remainder * strides[axis]
      rest = quotient
    }
    return sizes.count > 1 ? offset + rest * strides[0] : 0
  }
}
