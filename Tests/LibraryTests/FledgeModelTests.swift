import Fledge
import Foundation
import Tensors
import Testing

@Suite struct FledgeModelTests {
  @Test func aRunIsLoadedAndPredicts() throws {
    let folder = NSTemporaryDirectory() + "fledge-library-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let path = folder + "/store.sqlite"
    let store = try ExperimentStore(path: path, access: .readWrite)
    var recipe = Recipe()
    recipe.dataset = "shapes(20, test: 0)"
    recipe.model = "average-pool(16), flatten, dense(10)"
    recipe.backend = "reference"
    recipe.epochs = 1
    recipe.batch = 9
    recipe.name = "small"
    let orchestrator = try Orchestrator()
    _ = try orchestrator.train(recipe, in: store)

    let model = try FledgeModel(run: "small", store: path)
    #expect(model.inputShape == [3, 32, 32] && model.step == 2 && model.classNames?.first == "circle")
    let pixels = (0..<3072).map { Float($0 % 256) }
    let prediction = try model.predict([pixels])[0]
    let loaded = try orchestrator.load(store.run(matching: "small"), in: store)
    let expected = try loaded.predict([Tensor([3, 32, 32]) { Double(pixels[$0]) }])[0]
    #expect(prediction.outputs == expected.outputs.floats && prediction.className == expected.className)
    #expect(throws: FledgeModel.WrongInput.self) { _ = try model.predict([[1, 2, 3]]) }
    #expect(throws: StoreError.self) { _ = try FledgeModel(run: "other", store: path) }
  }
}
