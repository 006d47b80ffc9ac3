import DICOMCore
import Testing

struct TagTests {
  @Test func `tags read as the standard spells them`() {
    #expect(Tag.rows.description == "(0028,0010)")
    #expect(Tag.pixelData.description == "(7FE0,0010)")
    #expect(Tag(0, 0xA).description == "(0000,000A)")
  }

  @Test func `tags sort by group, then element`() {
    let tags = [Tag(0x0010, 0x0010), Tag(0x0008, 0xFFFF), Tag(0x0008, 0x0005), Tag(0xFFFF, 0)]
    #expect(tags.sorted() == [Tag(0x0008, 0x0005), Tag(0x0008, 0xFFFF), Tag(0x0010, 0x0010), Tag(0xFFFF, 0)])
  }

  @Test func `odd groups are private`() {
    #expect(Tag(0x0009, 0x1001).isPrivate)
    #expect(!Tag.patientID.isPrivate)
  }
}

struct DataSetTests {
  @Test func `elements come in ascending order whatever the order of insertion`() {
    var dataSet = DataSet()
    dataSet.set(.rows, .us, integers: [2])
    dataSet.set(.sopInstanceUID, UID.ctImageStorage)
    dataSet.set(.patientID, .lo, "1")
    #expect(dataSet.tags == [.sopInstanceUID, .patientID, .rows])
    #expect(dataSet.count == 3)
    dataSet[.patientID] = nil
    #expect(!dataSet.contains(.patientID))
  }

  @Test(
    "integers come from binary values and from IS",
    arguments: [
      (DataSet.Value.integers([7, -1]), [7, -1]),
      (.strings(["12", " 13 "]), [12, 13]),
      (.strings(["12.0"]), [12]),
      (.strings(["+5"]), [5]),
      (.strings(["12", "x"]), nil),
      (.strings([""]), nil),
      (.strings(["12.5"]), nil),
      (.strings(["1e400"]), nil),
      (.strings(["99999999999999999999"]), nil),
      (.bytes([1, 0]), nil),
    ] as [(DataSet.Value, [Int]?)])
  func integers(value: DataSet.Value, expected: [Int]?) {
    var dataSet = DataSet()
    dataSet[.numberOfFrames] = DataSet.Element(.is, value)
    #expect(dataSet.integers(.numberOfFrames) == expected)
    #expect(dataSet.integer(.numberOfFrames) == expected?.first)
  }

  @Test(
    "numbers come from binary values, DS and IS, and are finite",
    arguments: [
      (DataSet.Value.floats([0.5]), [0.5]),
      (.integers([3]), [3]),
      (.strings(["1.5", "-2E2 "]), [1.5, -200]),
      (.strings(["nan"]), nil),
      (.strings(["inf"]), nil),
      (.strings(["1,5"]), nil),
    ] as [(DataSet.Value, [Double]?)])
  func doubles(value: DataSet.Value, expected: [Double]?) {
    var dataSet = DataSet()
    dataSet[.windowCenter] = DataSet.Element(.ds, value)
    #expect(dataSet.doubles(.windowCenter) == expected)
    #expect(dataSet.double(.windowCenter) == expected?.first)
  }

  @Test func `an absent or empty element has no values`() {
    var dataSet = DataSet()
    dataSet.setEmpty(.patientName, .pn)
    dataSet.setEmpty(.procedureCodeSequence, .sq)
    #expect(dataSet.contains(.patientName))
    #expect(dataSet.string(.patientName) == nil)
    #expect(dataSet.strings(.patientID).isEmpty)
    #expect(dataSet.integers(.rows) == nil)
    #expect(dataSet.uid(.sopInstanceUID) == nil)
    #expect(dataSet.items(.procedureCodeSequence).isEmpty)
    #expect(dataSet.bytes(.lutData) == nil)
    #expect(dataSet[.procedureCodeSequence]?.value == .items([]))
  }

  @Test func `identity names the first UID that is missing or malformed`() throws {
    var dataSet = DataSet()
    dataSet.set(.studyInstanceUID, .ui, "1.2.3")
    dataSet.set(.seriesInstanceUID, .ui, "not a UID")
    #expect(throws: MissingAttribute(tag: .seriesInstanceUID)) { try InstanceIdentity(of: dataSet) }
    dataSet.set(.seriesInstanceUID, .ui, "1.2.4")
    dataSet.set(.sopInstanceUID, .ui, "1.2.5")
    dataSet.set(.sopClassUID, .ctImageStorage)
    #expect(try InstanceIdentity(of: dataSet).sopInstanceUID == UID("1.2.5"))
  }
}
