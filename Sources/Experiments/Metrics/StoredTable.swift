/// What a metric says of a whole split in rows and columns, such as a confusion matrix.
public struct StoredTable: Sendable, Hashable, Codable {
  /// `confusion-matrix`.
  public let name: String
  /// `validation`.
  public let split: String
  public let step: Int
  public let epoch: Int
  /// What rows and columns are: `true`, `predicted`.
  public let rowAxis: String
  public let columnAxis: String
  public let rows: [String]
  public let columns: [String]
  /// Row by row; infinities and NaN come back as they were.
  public let values: [Double]

  public init(
    name: String, split: String, step: Int, epoch: Int, rowAxis: String, columnAxis: String, rows: [String],
    columns: [String], values: [Double]
  ) {
    self.name = name
    self.split = split
    self.step = step
    self.epoch = epoch
    self.rowAxis = rowAxis
    self.columnAxis = columnAxis
    self.rows = rows
    self.columns = columns
    self.values = values
  }
}
