import Foundation

let arguments = CommandLine.arguments.dropFirst()
guard let output = arguments.first else {
  FileHandle.standardError.write(Data("usage: RegistryWriter OUTPUT [TARGET …]\n".utf8))
  exit(64)
}
let targets = arguments.dropFirst()
let imports = (["Registry"] + targets).sorted().map { "import \($0)\n" }.joined()
let calls = targets.map { "    \($0)Plugin.register(in: &registry)\n" }.joined()
let source = """
  \(imports)
  extension Registry {
    /// Every part of every target that this one depends on; throws if two of them clash.
    static func linked() throws -> Registry {
      var registry = Registry()
  \(calls)    try registry.validate()
      return registry
    }
  }

  """
do {
  try Data(source.utf8).write(to: URL(filePath: output))
} catch {
  FileHandle.standardError.write(Data("RegistryWriter: cannot write \(output): \(error)\n".utf8))
  exit(74)
}
