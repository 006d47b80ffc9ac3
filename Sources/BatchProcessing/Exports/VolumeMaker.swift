internal import DICOMCore
internal import DICOMFiles
internal import PixelTransforms
internal import Volumes

/// Writes one volume, a slice at a time.
struct VolumeMaker: Sendable {
  let run: ExportRun
  let frames: FrameLoader

  /// A frame that is to be a slice.
  private struct Slice {
    let image: VolumeStack.Image
    /// From 0.
    let frame: Int
    let plane: FramePlane
    let format: ImageFormat
    let line: ValueLine
  }

  /// What is decoded frame by frame; decides how much memory that may take.
  private static let pixels = PictureExport.display

  /// - Throws: Where the output cannot be written; what is wrong with the images is in the line.
  func make(_ stack: VolumeStack) throws -> ExportLine {
    let name = stack.name(run.names)
    do {
      return try write(stack, as: name)
    } catch let refusal as VolumeRefusal {
      // A volume of an earlier run must not stand for images that are none.
      run.folder.withdraw([name])
      return .notMade(.nifti, refusal.rawValue, stack.images.map(\.object.reference))
    }
  }

  private func write(_ stack: VolumeStack, as name: String) throws -> ExportLine {
    let slices = try stack.isEnhanced ? framesOfObject(stack.images[0]) : stack.images.map(slice)
    try Self.checkReferences(stack)
    let geometry = try VolumeGeometry(slices.map(\.plane))
    let format = try VoxelFormat(slices.map(\.format), slices.map(\.line))
    let header = NIfTIHeader(geometry, format, description: "\(BuckyVersion.product) \(BuckyVersion.text)")
    let temporary = try run.folder.temporaryPath(for: name)
    let file = try AppendingFile(creating: temporary)
    var gzip = GzipStream()
    var hasher = ContentHasher()
    var length = 0
    func append(_ bytes: [UInt8]) throws {
      hasher.update(bytes)
      length += bytes.count
      try file.append(bytes)
    }
    try append(gzip.compress(header.bytes))
    for index in geometry.order { try append(gzip.compress(voxels(of: slices[index], format))) }
    try append(gzip.finish())
    try file.flush()
    try run.folder.finish(temporary, as: name)
    var line = ExportLine(format: .nifti, path: name, sha256: hasher.finish(), bytes: length)
    let ordered = geometry.order.map { slices[$0] }
    line.sources = (stack.isEnhanced ? [ordered[0]] : ordered).map(\.image.object.reference)
    line.steps = [Self.step(geometry, format, frames: ordered.map { $0.frame + 1 })]
    return line
  }

  // MARK: - Slices

  private func slice(_ image: VolumeStack.Image) throws(VolumeRefusal) -> Slice {
    let instance = image.instance
    return try slice(image, 0, of: instance.frameCount, instance.header.dataSet, instance.format)
  }

  private func framesOfObject(_ image: VolumeStack.Image) throws(VolumeRefusal) -> [Slice] {
    let opened: (header: DICOMHeader, format: ImageFormat, frameCount: Int)
    do throws(DICOMFileError) {
      // Functional groups are in the whole header alone.
      let file = try run.decoder.open(image.instance.path)
      opened = (file.header, file.format, file.frameCount)
    } catch {
      throw .undecodable
    }
    var slices: [Slice] = []
    for frame in 0..<opened.frameCount {
      slices.append(try slice(image, frame, of: opened.frameCount, opened.header.dataSet, opened.format))
    }
    return slices
  }

  private func slice(
    _ image: VolumeStack.Image, _ frame: Int, of count: Int, _ dataSet: DataSet, _ format: ImageFormat
  ) throws(VolumeRefusal) -> Slice {
    guard let plane = FramePlane(of: dataSet, frameIndex: frame, frameCount: count, format: format) else {
      throw .geometryMissing
    }
    let line: ModalityLine?
    do {
      line = try ModalityLine(of: dataSet, frameIndex: frame, format: format)
    } catch {
      throw .samplesNotSupported
    }
    guard let line else { throw .modalityLUT }
    return Slice(
      image: image, frame: frame, plane: plane, format: format,
      line: ValueLine(slope: line.slope, intercept: line.intercept))
  }

  private static func checkReferences(_ stack: VolumeStack) throws(VolumeRefusal) {
    let references = Set(stack.images.map { $0.instance.header.dataSet.uid(.frameOfReferenceUID) })
    guard references.count == 1 else { throw .frameOfReferenceDiffers }
  }

  private func voxels(of slice: Slice, _ format: VoxelFormat) throws -> [UInt8] {
    do {
      let (loaded, _) = try frames.load(path: slice.image.instance.path, frame: slice.frame, for: Self.pixels)
      return try loaded.use { stored in try format.bytes(of: stored, slice.line) }
    } catch is FrameLoadingError {
      throw VolumeRefusal.undecodable
    }
  }

  // MARK: - Record

  private static func step(_ geometry: VolumeGeometry, _ format: VoxelFormat, frames: [Int]) -> ProcessingStep {
    let affine = geometry.affine.map { ParameterValue.array($0.map(ParameterValue.number)) }
    return ProcessingStep(
      "volume",
      [
        "columns": .integer(geometry.columns), "rows": .integer(geometry.rows), "slices": .integer(geometry.slices),
        "frames": .array(frames.map(ParameterValue.integer)), "affine": .array(affine),
        "spacing": .array((0..<3).map { .number(geometry.spacing[$0]) }),
        "datatype": .integer(format.kind.rawValue), "slope": .number(format.line.slope),
        "intercept": .number(format.line.intercept), "rows_turned_over": true,
      ])
  }
}
