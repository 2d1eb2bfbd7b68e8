import Foundation
import PackagePlugin

/// Writes `Registry.linked()` for a target: one registration call for each dependency that holds a `<Target>Plugin.swift`.
@main
struct LinkedParts: BuildToolPlugin {
  func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
    let names = target.dependencies.flatMap { dependency -> [String] in
      guard case .target(let target) = dependency, let module = target as? any SourceModuleTarget else { return [] }
      let marker = "\(target.name)Plugin.swift"
      return module.sourceFiles.contains { $0.url.lastPathComponent == marker } ? [target.name] : []
    }
    let output = context.pluginWorkDirectoryURL.appending(path: "LinkedParts.swift")
    return [
      .buildCommand(
        displayName: "Listing the parts linked into \(target.name)",
        executable: try context.tool(named: "RegistryWriter").url,
        arguments: [output.path] + names.sorted(),
        outputFiles: [output])
    ]
  }
}
