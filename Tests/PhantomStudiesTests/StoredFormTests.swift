import DICOMCore
import DICOMFiles
import Foundation
import PhantomStudies
import Testing

struct StoredFormTests {
  @Test("Every variant of storage shows the same picture", arguments: FormVariant.allCases)
  func sameDisplay(variant: FormVariant) throws {
    for index in 0..<10 {
      let form = StoredForm.of(variant, index: index)
      let parameters = ChestPhantoms.with {
        $0.seed = UInt64(index)
        $0.effusions = [PleuralEffusion(side: .left, height: 60)]
      }
      let radiograph = ChestRadiograph(parameters)
      let image = RadiographStudy.chest(radiograph, form: form, identity: PhantomIdentity(number: index + 1))
      let read = try Self.throughFile(image)
      let shown = try ReferenceDisplay.values(of: read.frame, read.dataSet)
      let differences = zip(shown, radiograph.display.values).map { abs($0 - Double($1)) }
      // Half a stored step, the 12 bits of a VOI LUT, the 0.2 % that a SIGMOID leaves at either end.
      let step = 1.2 / Double(1 << form.bitsStored)
      let lossy = form.transferSyntax == .jpegBaseline8Bit
      let mean = differences.reduce(0, +) / Double(differences.count)
      #expect(mean < (lossy ? 0.01 : step + 0.0012), "\(form)")
      if !lossy { #expect((differences.max() ?? 1) < 3 * step + 0.004, "\(form)") }
    }
  }

  @Test("The variants use every transfer syntax and table they promise")
  func coverage() {
    let forms = FormVariant.allCases.flatMap { variant in (0..<40).map { StoredForm.of(variant, index: $0) } }
    let syntaxes: [UID] = [
      .explicitVRLittleEndian, .implicitVRLittleEndian, .deflatedExplicitVRLittleEndian, .rleLossless,
      .jpegLosslessSV1, .jpegLSLossless, .jpegBaseline8Bit,
    ]
    #expect(Set(forms.map(\.transferSyntax)) == Set(syntaxes))
    #expect(Set(forms.map(\.voi)).count == 4)
    #expect(Set(forms.map(\.isMonochrome1)).count == 2)
    #expect(Set(forms.map(\.modality)).count == 2)
    #expect(Set(forms.map(\.bitsStored)).isSuperset(of: [8, 10, 12, 14, 16]))
    #expect(forms.contains { $0.modalityTransform == .lut })
  }

  @Test("No identity resembles a patient: names, numbers and ages are those of phantoms")
  func identities() {
    let dataSets = (1...40).map { number in
      RadiographStudy.chest(
        ChestRadiograph(ChestPhantoms.with { $0.projection.rows = 40 }), form: StoredForm(),
        identity: PhantomIdentity(number: number)
      ).dataSet
    }
    for dataSet in dataSets {
      #expect(dataSet.string(.patientName)?.hasPrefix("Phantom^") == true)
      #expect(dataSet.string(.patientID)?.hasPrefix("BUCKY-PH-") == true)
      #expect(dataSet.string(.patientBirthDate) == nil)
      let age = dataSet.string(.patientAge).flatMap { Int($0.dropLast()) } ?? 0
      #expect((19...93).contains(age))
      #expect(dataSet.string(.studyDate).map { ("20240101"..."20261231").contains($0) } == true)
    }
    #expect(Set(dataSets.compactMap { $0.uid(.studyInstanceUID) }).count == 40)
    #expect(Set(dataSets.compactMap { $0.uid(.sopInstanceUID) }).count == 40)
  }

  private static func throughFile(_ image: EncodedImage) throws -> (dataSet: DataSet, frame: StoredFrame) {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("form-\(UUID().uuidString).dcm").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try image.write(to: path)
    var file = try DICOMFile(path: path)
    #expect(file.header.transferSyntax == image.transferSyntax)
    return (file.header.dataSet, try file.frame(0))
  }
}
