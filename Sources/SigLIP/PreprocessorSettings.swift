internal import Foundation
internal import Tensors

/// Checks `preprocessor_config.json`, where there is one, against what Bucky feeds the vision tower.
enum PreprocessorSettings {
  static let name = "preprocessor_config.json"

  /// - Returns: Warnings: settings that differ without making the embeddings wrong.
  /// - Throws: ``CheckpointError/setting(file:name:expected:found:)`` for a mean or deviation other than 0.5, since
  ///   the tower then expects other values than [-1, 1].
  static func check(directory: String, imageSize: Int) throws(CheckpointError) -> [String] {
    let path = directory + "/" + name
    guard FileManager.default.fileExists(atPath: path) else { return [] }
    let file = try SettingsFile(path: path)
    for name in ["image_mean", "image_std"] {
      guard let value = file[name] else { continue }
      let numbers = value.elements?.map { $0.number ?? .nan } ?? [value.number ?? .nan]
      guard numbers.allSatisfy({ $0 == 0.5 }) else {
        throw file.failure(name, expected: "0.5 for every channel", found: "\(numbers)")
      }
    }
    guard try file.boolean("do_normalize", default: true) else {
      throw file.failure("do_normalize", expected: "true", found: "false")
    }
    let sides = [file["size"]?["height"]?.integer, file["size"]?["width"]?.integer, file["size"]?.integer]
    return sides.compactMap { $0 }.contains { $0 != imageSize }
      ? ["\(name) has another image size than the \(imageSize) pixels in use"] : []
  }
}
