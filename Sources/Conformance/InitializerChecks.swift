import Initializers
import Registry
import Tensors

extension ConformanceSuite {
  func initializerChecks(_ entry: Registry.Entry) -> [CheckResult] {
    [result(entry, "first values") { try checkFirstValues(entry) }]
  }

  /// The shape is kept, all numbers are finite, and the same stream gives the same bits.
  private func checkFirstValues(_ entry: Registry.Entry) throws -> String {
    let places: [(shape: Shape, fan: Fan)] = [
      ([8, 5], Fan(input: 5, output: 8)), ([4, 3, 3, 3], Fan(input: 27, output: 36)),
      ([1, 1], Fan(input: 1, output: 1)),
    ]
    for (title, component) in try variants(of: entry) {
      guard let part = component as? any Initializer else { continue }
      for (shape, fan) in places {
        func draw() -> Tensor {
          var stream = stream("first values")
          return part(shape, fan, &stream)
        }
        let tensor = draw()
        let place = "\(title) on \(shape), seed \(seed)"
        guard tensor.shape == shape else { throw Failure("\(place): makes \(tensor.shape)") }
        guard tensor.doubles.allSatisfy({ $0.isFinite }) else { throw Failure("\(place): not all numbers are finite") }
        guard draw().bytes == tensor.bytes else { throw Failure("\(place): the same stream gives other bits") }
      }
    }
    return "\(places.count) shapes"
  }
}
