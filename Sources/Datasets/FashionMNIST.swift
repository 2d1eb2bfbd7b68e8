public import Registry

/// Inputs `[count, 1, 28, 28]` as bytes; 60,000 training and 10,000 test examples.
///
/// Without `folder`, looks in each folder of FLEDGE_DATA (below it in `fashion-mnist`, then in it), in `data/fashion-mnist`, and in
/// `/usr/share/datasets/fashion-mnist`.
public struct FashionMNIST: Dataset {
  public static let name = "fashion-mnist"
  public static let summary = "70,000 grey images, 28×28, of clothes in ten classes"
  public static let reference = "Xiao et al. 2017, Fashion-MNIST"

  @Parameter("the folder of the four IDX files; without it, the usual places") public var folder: String? = nil
  @Parameter("keep only so many of the training and of the test images", in: 1...) public var limit: Int? = nil

  public init() {}

  public func load(_ context: DatasetContext) throws(DatasetError) -> DatasetSplits {
    let files = try IDXFolder(
      of: Self.name, folder: folder, context,
      source: "run 'apt install dataset-fashion-mnist', fetch them from "
        + "https://github.com/zalandoresearch/fashion-mnist (data/fashion)")
    return try files.load(classNames: Self.classNames, limit: limit)
  }

  private static let classNames = [
    "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot",
  ]
}
