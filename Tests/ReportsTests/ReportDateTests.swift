import DICOMCore
import Reports
import Testing

struct ReportDateTests {
  @Test(arguments: [
    ("2024-02-29T23:59:59+09:00", "20240229", "235959", "+0900"),
    ("2024-03-01T08:15:00-03:30", "20240301", "081500", "-0330"),
    ("1999-12-31T00:00:00+00:00", "19991231", "000000", "+0000"),
  ])
  func `the forms of one moment`(text: String, date: String, time: String, offset: String) throws {
    let moment = try #require(ReportDate(text))
    #expect(moment.description == text)
    #expect(moment.dicomDate == date)
    #expect(moment.dicomTime == time)
    #expect(moment.dicomOffset == offset)
    #expect(moment.dicomDateTime == date + time + offset)
  }

  @Test func `an unknown offset is written as RFC 3339 4.3 says, and as nothing in DICOM`() throws {
    let moment = try #require(ReportDate(year: 2024, month: 3, day: 1, hour: 8))
    #expect(moment.description == "2024-03-01T08:00:00-00:00")
    #expect(moment.dicomOffset == nil)
    #expect(moment.dicomDateTime == "20240301080000")
    #expect(ReportDate(moment.description) == moment)
    #expect(ReportDate("2024-03-01t08:00:00.999z")?.description == "2024-03-01T08:00:00+00:00")
  }

  @Test(arguments: [
    "", "2024-03-01", "2024-03-01T08:00:00", "2024-02-30T08:00:00Z", "2023-02-29T08:00:00Z", "2024-13-01T08:00:00Z",
    "2024-03-01T24:00:00Z", "2024-03-01T08:60:00Z", "2024-03-01T08:00:00+15:00", "2024-03-01T08:00:00+1:00",
    "2024-03-01T08:00:00+09:75", "2024-03-01T08:00:00ZZ", "+024-03-01T08:00:00Z", "2024-03-01T08:00:00.Z9",
    "0000-03-01T08:00:00Z", "２024-03-01T08:00:00Z",
  ])
  func `what is no date-time`(text: String) {
    #expect(ReportDate(text) == nil)
  }

  @Test func `the order is that of the instants`() throws {
    let texts = [
      "2024-02-28T23:59:59Z", "2024-02-29T00:00:00Z", "2024-03-01T08:15:00+09:00", "2024-03-01T00:00:00Z",
      "2024-03-01T00:00:00-01:00", "2100-02-28T12:00:00Z", "2100-03-01T12:00:00Z",
    ]
    let dates = try texts.map { try #require(ReportDate($0)) }
    #expect(dates.sorted() == dates)
    #expect(dates.reversed().sorted() == dates)
  }

  @Test func `the newest date of a study's instances is taken, whichever attribute holds it`() {
    var first = DataSet()
    first.set(.studyDate, .da, "20240301")
    first.set(.studyTime, .tm, "08")
    first.set(.contentDate, .da, "20240301")
    first.set(.contentTime, .tm, "081530.123456")
    var second = DataSet()
    second.set(.acquisitionDateTime, .dt, "20240301170000.5+0900")
    second.set(.timezoneOffsetFromUTC, .sh, "+0100")
    second.set(.studyDate, .da, "20240229")
    #expect(ReportDate.newest(in: [first])?.description == "2024-03-01T08:15:30-00:00")
    #expect(ReportDate.newest(in: [second])?.description == "2024-03-01T17:00:00+09:00")
    #expect(ReportDate.newest(in: [first, second]) == ReportDate.newest(in: [second, first]))
    #expect(ReportDate.newest(in: [first, second])?.description == "2024-03-01T08:15:30-00:00")
  }

  @Test(arguments: ["2024-03-01", "20240230", "garbage", "", "２０２４０３０１", "99999999"])
  func `a malformed date counts as absent`(text: String) {
    var dataSet = DataSet()
    dataSet.set(.studyDate, .da, text)
    dataSet.set(.acquisitionDateTime, .dt, "2024")
    #expect(ReportDate.newest(in: [dataSet]) == nil)
  }

  @Test(arguments: ["8", "2500", "08:15", "0875", "x", "081", "081500.1x", "081500.1234567", "０８"])
  func `a malformed time counts as midnight`(text: String) {
    var dataSet = DataSet()
    dataSet.set(.studyDate, .da, "20240301")
    dataSet.set(.studyTime, .tm, text)
    #expect(ReportDate.newest(in: [dataSet])?.dicomTime == "000000")
  }

  @Test func `a study without dates gets a date that says so`() {
    #expect(ReportDate.newest(in: [DataSet()]) == nil)
    #expect(ReportDate.undated.description == "1970-01-01T00:00:00+00:00")
  }

  @Test(arguments: [
    ("2024-02-28T23:59:59+00:00", 1, "2024-02-29T00:00:00+00:00"),
    ("2024-02-29T12:00:00-00:00", 86_400, "2024-03-01T12:00:00-00:00"),
    ("2023-02-28T12:00:00+09:00", 86_400, "2023-03-01T12:00:00+09:00"),
    ("2025-12-31T20:30:00-05:00", 4 * 3600, "2026-01-01T00:30:00-05:00"),
    ("1900-02-28T00:00:00+00:00", 86_400, "1900-03-01T00:00:00+00:00"),
    ("2000-02-28T00:00:00+00:00", 86_400, "2000-02-29T00:00:00+00:00"),
  ])
  func `seconds are added across days, months and years`(from: String, seconds: Int, to: String) throws {
    #expect(try #require(ReportDate(from)).adding(seconds: seconds)?.description == to)
    #expect(try #require(ReportDate(to)).adding(seconds: -seconds)?.description == from)
  }

  @Test func `every day of two centuries has a next one`() throws {
    var date = try #require(ReportDate(year: 1890, month: 1, day: 1))
    for _ in 0..<73_000 {
      let next = try #require(date.adding(seconds: 86_400))
      #expect(date < next && (next.day == date.day + 1 || next.day == 1))
      date = next
    }
    #expect(date.description == "2089-11-13T00:00:00-00:00")
    #expect(ReportDate("9999-12-31T23:59:59Z")?.adding(seconds: 1) == nil)
  }
}
