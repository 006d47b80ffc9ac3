internal import Deidentification
internal import Glibc
internal import PipelineDefinitions
internal import Tensors

@testable internal import DICOMFiles

/// What the fuzzer feeds with bytes, chosen by `BUCKY_FUZZ_TARGET`. Nothing may crash, hang or take unbounded memory; an
/// error that is thrown is a good answer.
enum FuzzTarget: String, CaseIterable {
  /// The structural check of DICOM files.
  case prescan
  /// What a decoder child says, as its parent reads it.
  case answer
  /// Code streams as far as Swift reads them: RLE, and the headers of JPEG, JPEG-LS and JPEG 2000.
  case frame
  /// Text in every character set.
  case text
  /// The header of checkpoint files.
  case safetensors
  /// The JSON files of checkpoints.
  case settings
  /// Pipelines and label sets.
  case pipeline
  /// Named windows.
  case windows
  /// De-identification policies.
  case policy

  static let chosen: FuzzTarget = {
    let name = unsafe getenv("BUCKY_FUZZ_TARGET").map { unsafe String(cString: $0) } ?? ""
    guard let target = FuzzTarget(rawValue: name) else {
      print("fuzz: set BUCKY_FUZZ_TARGET to one of \(allCases.map(\.rawValue).joined(separator: ", "))")
      exit(64)
    }
    return target
  }()

  func run(_ bytes: [UInt8]) {
    switch self {
    case .prescan: _ = try? PreScan(path: Scratch.file(bytes))
    case .answer: Self.readAnswer(bytes)
    case .frame: Self.readFrame(bytes)
    case .text: Self.readText(bytes)
    case .safetensors: _ = try? SafetensorsFile(path: Scratch.file(bytes))
    case .settings: Self.readSettings(bytes)
    case .pipeline: _ = try? Pipeline(loading: Scratch.file(bytes), windows: [])
    case .policy: _ = try? DeidentificationPolicy(loading: Scratch.file(bytes))
    case .windows:
      _ = Scratch.file(bytes)
      _ = try? WindowCatalog(loading: Scratch.folder)
    }
  }
}

/// Where the bytes lie as a file, for code that reads files.
enum Scratch {
  static let folder = unsafe getenv("BUCKY_FUZZ_FOLDER").map { unsafe String(cString: $0) } ?? "/dev/shm"

  /// Writes the file and returns its path.
  static func file(_ bytes: [UInt8]) -> String {
    let path = folder + "/input.yaml"
    let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    guard descriptor >= 0 else { exit(73) }
    guard unsafe Glibc.write(descriptor, bytes, bytes.count) == bytes.count else { exit(74) }
    close(descriptor)
    return path
  }
}
