import DICOMCore
import DICOMFiles
import Reports
import TestSupport
import Testing

/// The SR as a file: written through DCMTK and read back.
struct WrittenReportTests {
  @Test(arguments: ReportSamples.all)
  func `the SR reads back as it was built, number for number`(sample: ReportSamples.Sample) throws {
    let folder = try TemporaryFolder()
    let path = folder.path("report.dcm")
    let built = try sample.structuredReport().dataSet
    try DICOMFileWriter.write(built, transferSyntax: .explicitVRLittleEndian, to: path)
    let read = try DICOMHeader(path: path).dataSet
    #expect(read == built)
  }

  @Test func `the same report gives the same bytes`() throws {
    let folder = try TemporaryFolder()
    let contents = try ["first", "second"].map { name in
      let path = folder.path(name)
      let dataSet = try ReportSamples.japanese.structuredReport().dataSet
      try DICOMFileWriter.write(dataSet, transferSyntax: .explicitVRLittleEndian, to: path)
      return try folder.read(name)
    }
    #expect(contents[0] == contents[1])
    #expect(contents[0].count > 1000)
  }
}
