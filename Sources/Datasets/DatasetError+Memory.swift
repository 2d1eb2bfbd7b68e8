public import Tensors

extension DatasetError {
  /// Throws, with the code `tooLarge`, unless examples of such a shape, `[count, …]`, are within the limits of a tensor and
  /// fit into memory. To be called before they are made.
  public static func checkMemory(
    for shape: Shape, _ type: ElementType, at place: Place? = nil, remedy: String
  ) throws(DatasetError) {
    guard shape.isWithinLimits else {
      throw DatasetError(
        .tooLarge, at: place, "examples of shape \(shape) are more than the 2⁴⁰ numbers that a tensor holds",
        remedy: remedy)
    }
    do {
      let bytes = shape.elementCount * type.size
      try MachineMemory.check(bytes, for: "holding examples of shape \(shape)", remedy: remedy)
    } catch {
      throw DatasetError(.tooLarge, at: place, "\(error)")
    }
  }
}
