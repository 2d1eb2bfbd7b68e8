public import Tensors

/// What enters and leaves single layers of a model, in a session whose variables have values.
public final class LayerProbe {
  private let session: any Session
  private let inputs: Tensor
  private let model: (Value) throws -> ModelTrace
  private var programs: [String: any Program] = [:]

  /// `model` writes the model into a trace, given the inputs.
  public init(_ session: any Session, inputs: Tensor, model: @escaping (Value) throws -> ModelTrace) {
    self.session = session
    self.inputs = inputs
    self.model = model
  }

  /// The input of the layer at a path; nil if there is none.
  public func input(ofLayerAt path: String) throws -> Tensor? { try value(\.input, path, "input of \(path)") }

  /// The output of the layer at a path; nil if there is none.
  public func output(ofLayerAt path: String) throws -> Tensor? { try value(\.output, path, "output of \(path)") }

  private func value(_ part: KeyPath<ModelTrace.Layer, Value>, _ path: String, _ name: String) throws -> Tensor? {
    if programs[name] == nil {
      let trace = Trace()
      let model = try model(trace.input("inputs", inputs.shape))
      guard let layer = model.layers.first(where: { $0.path == path }) else { return nil }
      trace.output(layer[keyPath: part], as: name)
      programs[name] = try session.compile(trace.finish())
    }
    guard let program = programs[name] else { return nil }
    return try program.run(program.graph.inputs.map { _ in inputs }, step: 0).first
  }
}
