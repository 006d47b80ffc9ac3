internal import DICOMFiles
internal import Glibc
internal import PipelineDefinitions
internal import Tensors

/// What the fuzzer feeds with bytes, chosen by `BUCKY_FUZZ_TARGET`. Nothing may crash, hang or take unbounded memory; an
/// error that is thrown is a good answer.
enum FuzzTarget: String, CaseIterable {
  /// The structural check of DICOM files.
  case prescan
  /// The header of checkpoint files.
  case safetensors
  /// Pipelines and label sets.
  case pipeline
  /// Named windows.
  case windows

  static let chosen: FuzzTarget = {
    let name = unsafe getenv("BUCKY_FUZZ_TARGET").map { unsafe String(cString: $0) } ?? ""
    guard let target = FuzzTarget(rawValue: name) else {
      print("fuzz: set BUCKY_FUZZ_TARGET to one of \(allCases.map(\.rawValue).joined(separator: ", "))")
      exit(64)
    }
    return target
  }()

  func run(path: String) {
    switch self {
    case .prescan: _ = try? PreScan(path: path)
    case .safetensors: _ = try? SafetensorsFile(path: path)
    case .pipeline: _ = try? Pipeline(loading: path, windows: [])
    case .windows: _ = try? WindowCatalog(loading: Scratch.folder)
    }
  }
}

/// Where the bytes lie as a file: the code under test reads files, as it does in use.
enum Scratch {
  static let folder: String = {
    var template = Array("/dev/shm/bucky-fuzz-XXXXXX".utf8CString)
    guard let made = unsafe mkdtemp(&template) else {
      print("fuzz: cannot make a folder in /dev/shm")
      exit(73)
    }
    return unsafe String(cString: made)
  }()

  static let path = folder + "/input.yaml"

  static func write(_ bytes: UnsafeRawBufferPointer) {
    let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    guard descriptor >= 0 else { exit(73) }
    var written = 0
    while written < bytes.count, let start = bytes.baseAddress {
      let count = unsafe Glibc.write(descriptor, start + written, bytes.count - written)
      guard count > 0 else { exit(74) }
      written += count
    }
    close(descriptor)
  }
}
