import Foundation
import PipelineDefinitions

/// A directory that is gone when the test ends.
final class TemporaryDirectory {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.appending(path: "bucky-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit {
    try? FileManager.default.removeItem(atPath: path)
  }

  /// Writes a file, with the folders it needs, and gives its path.
  @discardableResult
  func write(_ name: String, _ bytes: some Sequence<UInt8>) throws -> String {
    let file = URL(filePath: path).appending(path: name)
    try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: file)
    return file.path
  }

  @discardableResult
  func write(_ name: String, _ text: String) throws -> String { try write(name, text.utf8) }

  /// What `load` complains about, with this directory left out of the paths; empty when it succeeds.
  func messages(_ load: () throws -> Void) -> [String] {
    do {
      try load()
      return []
    } catch {
      return "\(error)".replacing(path + "/", with: "").split(separator: "\n").map(String.init)
    }
  }
}

/// A good label set that error tables change in one place.
let goodLabelSet = """
  schema: bucky-labels/1
  id: small
  version: 1.0.0
  title: Two findings
  source: Made up
  threshold: {on: softmax, value: 0.5, source: Uncalibrated}
  findings:
    - name: pneumothorax
      title: Pneumothorax
      code: {value: 36118008, scheme: SCT, meaning: Pneumothorax}
      priority: high
      present: [apical pneumothorax]
      absent: [no pneumothorax]
    - name: nodule
      title: Nodule
      code: {value: 27925004, scheme: SCT, meaning: Nodule}
      site: {value: 39607008, scheme: SCT, meaning: Lung}
      priority: low
      threshold: {on: cosine, value: 0.1, source: Guessed}
      present: [a nodule]

  """

let goodPipeline = """
  schema: bucky-pipeline/1
  id: small
  version: 1.0.0
  title: A small pipeline
  select:
    modalities: [CR, DX]
    body_parts: [CHEST]
    minimum_age: 18
  preprocess:
    window: automatic
    preset: tf-bilinear-padded
  labels: labels/small.yaml
  aggregation: max
  priority:
    levels:
      nodule: medium

  """

let goodWindows = """
  schema: bucky-windowing/1
  windows:
    - name: soft
      modalities: [CT]
      unit: HU
      source: Made up
      channels:
        - {center: 40, width: 350, function: LINEAR}

  """
