public import Registry

/// Inputs `[count, 1, 28, 28]` as bytes; 60,000 training and 10,000 test examples.
///
/// Without `folder`, looks in each folder of FLEDGE_DATA (below it in `mnist`, then in it), in `data/mnist`, and in
/// `/usr/share/datasets/mnist`.
public struct MNIST: Dataset {
  public static let name = "mnist"
  public static let summary = "70,000 grey images, 28×28, of handwritten digits"
  public static let reference = "LeCun et al. 1998, Gradient-based learning applied to document recognition"

  @Parameter("the folder of the four IDX files; without it, the usual places") public var folder: String? = nil
  @Parameter("keep only so many of the training and of the test images", in: 1...) public var limit: Int? = nil

  public init() {}

  public func load(_ context: DatasetContext) throws(DatasetError) -> DatasetSplits {
    let files = try IDXFolder(
      of: Self.name, folder: folder, context,
      source: "fetch them from https://ossci-datasets.s3.amazonaws.com/mnist/")
    return try files.load(classNames: Self.classNames, limit: limit)
  }

  private static let classNames = (0...9).map(String.init)
}
