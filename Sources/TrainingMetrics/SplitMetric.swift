public import Registry
public import Tensors

/// A metric of a whole split: sums over its examples, of which the host makes figures and tables.
///
/// Evaluations measure it; a step of training has no figure of it. Laws, each a check in `Conformance`: the sums of a split
/// are those of its parts together; rows of weight 0 do not count; the figures are those that were declared; they and the
/// numbers of tables are finite.
public protocol SplitMetric: Metric {
  /// What a batch adds to the sums, of predictions `[batch, outputs…]` and targets as the loss takes them: a tensor whose
  /// shape does not depend on the size of the batch. It is added up in Float64.
  ///
  /// Shapes that do not fit are reported to the trace.
  ///
  /// - Parameters:
  ///   - prediction: `[batch, outputs…]`.
  ///   - target: as the loss takes it.
  ///   - weights: `[batch]`: 1 for an example, 0 for a row that only fills up the last batch.
  /// - Returns: the tensor.
  func sums(_ prediction: Value, _ target: Value, weights: Value) -> Value

  /// Figures and tables of the sums over a split of at least one example.
  func finish(_ sums: Tensor, _ context: SplitContext) -> SplitMeasurement

  /// The figures that ``finish(_:_:)`` gives, with the way each improves, known before the first step. One without a name
  /// is called as the metric is, one with a name has it behind the metric's and a dot. Default: none.
  var figures: [(name: String, direction: MetricDirection)] { get }
}

extension SplitMetric {
  public var form: MetricForm { .split(self) }
  public var figures: [(name: String, direction: MetricDirection)] { [] }
}

/// What is known of a split besides the sums.
public struct SplitContext: Sendable, Hashable {
  /// At least 1.
  public var examples: Int
  /// One name a class; nil for data of numbers.
  public var classNames: [String]?

  public init(examples: Int, classNames: [String]?) {
    self.examples = examples
    self.classNames = classNames
  }
}

/// What a metric says of a whole split.
public struct SplitMeasurement: Sendable, Hashable {
  /// By the names that the metric declares.
  public var figures: [String: Double]
  public var tables: [MetricTable]

  public init(figures: [String: Double] = [:], tables: [MetricTable] = []) {
    self.figures = figures
    self.tables = tables
  }
}

/// Numbers in rows and columns that have names.
public struct MetricTable: Sendable, Hashable, Codable {
  /// `confusion-matrix`.
  public var name: String
  /// What the rows are: `true`.
  public var rowAxis: String
  /// What the columns are: `predicted`.
  public var columnAxis: String
  public var rows: [String]
  public var columns: [String]
  /// Row by row: as many as rows times columns.
  public var values: [Double]

  public init(
    name: String, rowAxis: String, columnAxis: String, rows: [String], columns: [String], values: [Double]
  ) {
    self.name = name
    self.rowAxis = rowAxis
    self.columnAxis = columnAxis
    self.rows = rows
    self.columns = columns
    self.values = values
  }
}
