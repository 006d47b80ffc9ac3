internal import Foundation

/// Files for development and CI that are not part of the project, found through one environment variable.
package enum SharedData {
  /// `BUCKY_SHARED`: the folder that holds `dicom-corpus`, `siglip-tokenizer` and `triage_report.schema.json`.
  package static let variable = "BUCKY_SHARED"

  /// The path of `name` below the shared folder, or `nil` when the variable is not set or nothing is there.
  package static func path(_ name: String) -> String? {
    guard let root = ProcessInfo.processInfo.environment[variable], !root.isEmpty else { return nil }
    let path = URL(filePath: root).appending(path: name).resolvingSymlinksInPath().path
    return FileManager.default.fileExists(atPath: path) ? path : nil
  }
}

/// Where this package's sources lie, for tests that read shipped data and fixtures.
package enum PackageRoot {
  package static let path: String = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().path

  package static func path(_ relative: String) -> String { path + "/" + relative }
}
