/// A grid of characters, each of 2 × 4 dots as Braille has them; a character belongs to the series that drew on it last.
struct DotCanvas {
  let columns: Int
  let rows: Int
  private var dots: [UInt8]
  private var owners: [Int]
  private var marks: [Int: Character] = [:]

  init(columns: Int, rows: Int) {
    self.columns = columns
    self.rows = rows
    dots = Array(repeating: 0, count: columns * rows)
    owners = Array(repeating: 0, count: columns * rows)
  }

  var width: Int { columns * 2 }
  var height: Int { rows * 4 }

  /// The dot of a place on both axes, 0...1; row 0 is on top.
  func dot(_ x: Double, _ y: Double) -> (x: Int, y: Int) {
    (Int((x * Double(width - 1)).rounded()), height - 1 - Int((y * Double(height - 1)).rounded()))
  }

  mutating func set(_ x: Int, _ y: Int, owner: Int) {
    guard x >= 0, x < width, y >= 0, y < height else { return }
    let bits: [[UInt8]] = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]]
    let cell = y / 4 * columns + x / 2
    dots[cell] |= bits[y % 4][x % 2]
    owners[cell] = owner
  }

  /// A character in place of the dots.
  mutating func mark(_ x: Int, _ y: Int, _ character: Character, owner: Int) {
    guard x >= 0, x < width, y >= 0, y < height else { return }
    let cell = y / 4 * columns + x / 2
    marks[cell] = character
    owners[cell] = owner
  }

  /// The straight line between two dots (Bresenham 1965).
  mutating func line(from start: (x: Int, y: Int), to end: (x: Int, y: Int), owner: Int) {
    let (dx, dy) = (abs(end.x - start.x), -abs(end.y - start.y))
    let (sx, sy) = (start.x < end.x ? 1 : -1, start.y < end.y ? 1 : -1)
    var (x, y, error) = (start.x, start.y, dx + dy)
    while true {
      set(x, y, owner: owner)
      if x == end.x && y == end.y { return }
      let twice = 2 * error
      if twice >= dy {
        error += dy
        x += sx
      }
      if twice <= dx {
        error += dx
        y += sy
      }
    }
  }

  /// What stands in a cell and whose it is; nil where nothing was drawn. `isBraille` shows the dots, else the owner's mark.
  func character(row: Int, column: Int, isBraille: Bool, marksOfOwners: [Character]) -> (Character, owner: Int)? {
    let cell = row * columns + column
    if let mark = marks[cell] { return (mark, owners[cell]) }
    guard dots[cell] != 0, let scalar = Unicode.Scalar(0x2800 + UInt32(dots[cell])) else { return nil }
    let owner = owners[cell]
    return (isBraille ? Character(scalar) : marksOfOwners[owner % marksOfOwners.count], owner)
  }
}
