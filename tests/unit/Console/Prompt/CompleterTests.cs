using OrleansCache.Cli.Commands;
using OrleansCache.Cli.Prompt;
using OrleansCache.Cli.Sessions;
using Xunit;

namespace OrleansCache.Tests.Console.Prompt;

public sealed class CompleterTests
{
    private readonly Completer _completer = new(new CommandTree(new LocalStart(), interactive: true).Root, new FakeNames());

    [Theory]
    [InlineData("loo", "lookup")]
    [InlineData("r", "regions remove ring")]
    [InlineData("node ", "add remove weight")]
    [InlineData("lookup --f", "--fresh")]
    [InlineData("lookup book::1984 --j", "--json")]
    [InlineData("lookup --region ", "asia europe")]
    [InlineData("lookup -r e", "europe")]
    [InlineData("ring ", "asia europe")]
    [InlineData("stats --region as", "asia")]
    [InlineData("node remove asia ", "asia-1 extra")]
    [InlineData("node weight asia ex", "extra")]
    [InlineData("lookup book::19", "book::1984 book::1985")]
    [InlineData("lookup book::1984 book::du", "book::dune")]
    [InlineData("lookup dun", "book::dune")]
    [InlineData("lookup --region asia book::du", "book::dune")]
    [InlineData("ring asia book::du", "book::dune")]
    [InlineData("ring asia book::dune ", "")]
    [InlineData("put book::du", "book::dune")]
    [InlineData("put book::dune --ti", "--title")]
    [InlineData("put book::dune --title ", "")]
    [InlineData("remove book::du", "book::dune")]
    [InlineData("watch book::1985 --region as", "asia")]
    [InlineData("purge book::1984 book::du", "book::dune")]
    [InlineData("purge --region e", "europe")]
    [InlineData("help imp", "import")]
    [InlineData("regions ", "")]
    [InlineData("nonsense ", "add")]
    public async Task A_word_becomes_what_may_stand_there(string line, string candidates)
    {
        var completion = await _completer.CompleteAsync(line, line.Length, CancellationToken.None);

        if (line == "nonsense ")
            Assert.DoesNotContain(candidates, completion.Candidates);
        else
            Assert.Equal(candidates, string.Join(' ', completion.Candidates));
    }

    [Fact]
    public async Task Only_what_stands_before_the_cursor_counts()
    {
        var completion = await _completer.CompleteAsync("loo --fresh", 3, CancellationToken.None);
        Assert.Equal((0, "lookup"), (completion.Start, Assert.Single(completion.Candidates)));
    }

    [Fact]
    public async Task Files_are_completed_too()
    {
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "good.csv"), "");
            var line = $"import {folder.FullName}/go";
            var completion = await _completer.CompleteAsync(line, line.Length, CancellationToken.None);
            Assert.Equal($"{folder.FullName}/good.csv", Assert.Single(completion.Candidates));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private sealed class FakeNames : IKnownNames
    {
        private static readonly string[] Keys = ["book::1984", "book::1985", "book::dune"];

        public IReadOnlyList<string> Regions => ["europe", "asia"];

        public Task<IReadOnlyList<string>> NodesAsync(string region, CancellationToken cancellation) =>
            Task.FromResult<IReadOnlyList<string>>([$"{region}-1", "extra"]);

        public Task<IReadOnlyList<string>> KeysAsync(string prefix, int limit, CancellationToken cancellation) =>
            Task.FromResult<IReadOnlyList<string>>([.. Keys.Where(key => key.StartsWith(prefix, StringComparison.Ordinal))]);
    }
}
