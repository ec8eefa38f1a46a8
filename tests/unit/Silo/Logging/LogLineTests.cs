using OrleansCache.Silo.Logging;

namespace OrleansCache.Tests.Silo.Logging;

public sealed class LogLineTests
{
    [Fact]
    public void An_event_is_one_line_whatever_its_text_holds()
    {
        var line = LogLine.Format(new DateTimeOffset(2026, 1, 2, 3, 4, 5, 6, TimeSpan.Zero), "WARN", "one\r\n  two\nthree\n");

        Assert.Equal("03:04:05.006 WARN one two three", line);
    }
}
