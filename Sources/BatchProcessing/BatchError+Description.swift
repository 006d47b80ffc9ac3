internal import DICOMFiles
internal import PipelineDefinitions
internal import Reports
internal import SigLIP
internal import Tensors

extension BatchError {
  /// Any error of a run, with the exit code that fits its kind.
  package init(describing error: any Error) {
    switch error {
    case let error as BatchError: self = error
    case let error as DefinitionError: self = .configuration("\(error)")
    case let error as CheckpointError: self = .configuration("model: \(error)")
    case is CancellationError: self = .cancelled
    default: self = .unexpected("\(error)")
    }
  }

  /// A failure to write a DICOM file.
  init(writing path: String, _ error: DICOMFileError) {
    switch error {
    case .cannotWrite(let code): self = .outputNotWritable(path: path, errno: code)
    default: self = .unexpected("\(path): \(error)")
    }
  }

  /// A failure to write a safetensors file.
  init(writing error: SafetensorsError) {
    switch error {
    case .unwritable(let file, let code): self = .outputNotWritable(path: file, errno: code)
    default: self = .unexpected("\(error)")
    }
  }
}
