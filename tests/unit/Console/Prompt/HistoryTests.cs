using System.Runtime.Versioning;
using OrleansCache.Cli.Prompt;
using Xunit;

namespace OrleansCache.Tests.Console.Prompt;

public sealed class HistoryTests
{
    [Fact]
    public void It_is_there_again_at_the_next_start()
    {
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            var file = Path.Combine(folder.FullName, "deeper", "history");
            var first = new History(file);
            first.Add("regions");
            first.Add("stats");
            first.Save();

            var second = new History(file);

            Assert.Equal(2, second.Count);
            Assert.Equal("stats", second[1]);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    [SupportedOSPlatform("linux")]
    public void Its_file_is_the_owners_alone_and_has_no_password_in_clear()
    {
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            var file = Path.Combine(folder.FullName, "history");
            File.WriteAllText(file, "regions\n");
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
            var history = new History(file);
            history.Add("node add asia x redis:6379,Password=secret");
            history.Add("node add asia y redis:6379,password=${env:SECRET}");
            history.Save();

            Assert.Equal(["regions", "node add asia y redis:6379,password=${env:SECRET}"], File.ReadAllLines(file));
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void It_keeps_neither_empty_lines_nor_the_same_line_twice_in_a_row()
    {
        var history = new History();
        foreach (var line in new[] { "stats", "stats", "", "regions", "stats" })
            history.Add(line);
        Assert.Equal(3, history.Count);
    }

    [Fact]
    public void It_is_bounded()
    {
        var history = new History();
        for (var i = 0; i < 2_000; i++)
            history.Add($"lookup book::{i}");
        Assert.Equal(500, history.Count);
        Assert.Equal("lookup book::1999", history[^1]);
    }

    [Fact]
    public void A_file_that_cannot_be_written_does_no_harm()
    {
        var history = new History("/dev/null/history");
        history.Add("stats");
        history.Save();
    }
}
