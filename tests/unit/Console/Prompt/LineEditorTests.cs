using OrleansCache.Cli.Prompt;
using OrleansCache.Client;
using Xunit;

namespace OrleansCache.Tests.Console.Prompt;

public sealed class LineEditorTests
{
    private readonly Keys _keys = new();
    private readonly StringWriter _screen = new();
    private readonly History _history = new();
    private Completion _completion = new(0, []);

    [Fact]
    public async Task What_is_typed_is_the_line()
    {
        _keys.Type("lookup book::1984").Enter();

        Assert.Equal("lookup book::1984", await ReadAsync());
        Assert.Contains("> lookup book::1984", _screen.ToString());
    }

    [Theory]
    [InlineData(ConsoleKey.Home, "Xabc")]
    [InlineData(ConsoleKey.End, "abcX")]
    [InlineData(ConsoleKey.LeftArrow, "abXc")]
    [InlineData(ConsoleKey.RightArrow, "abcX")]
    [InlineData(ConsoleKey.Backspace, "abX")]
    [InlineData(ConsoleKey.Delete, "abcX")]
    [InlineData(ConsoleKey.Escape, "abcX")]
    public async Task Keys_move_and_remove(ConsoleKey key, string line)
    {
        _keys.Type("abc").Press(key).Type("X").Enter();
        Assert.Equal(line, await ReadAsync());
    }

    [Theory]
    [InlineData(ConsoleKey.A, "Xone two")]
    [InlineData(ConsoleKey.E, "one twoX")]
    [InlineData(ConsoleKey.U, "X")]
    [InlineData(ConsoleKey.W, "one X")]
    [InlineData(ConsoleKey.K, "one twoX")]
    [InlineData(ConsoleKey.H, "one twX")]
    [InlineData(ConsoleKey.C, "X")]
    [InlineData(ConsoleKey.D, "one twoX")]
    public async Task Control_keys_do_what_they_do_in_a_shell(ConsoleKey key, string line)
    {
        _keys.Type("one two").Control(key).Type("X").Enter();
        Assert.Equal(line, await ReadAsync());
    }

    [Fact]
    public async Task The_rest_of_the_line_is_removed_from_the_cursor_on()
    {
        _keys.Type("one two").Press(ConsoleKey.Home).Control(ConsoleKey.RightArrow, ConsoleKey.K).Enter();
        Assert.Equal("one", await ReadAsync());
    }

    [Fact]
    public async Task A_letter_outside_the_basic_plane_is_one_letter()
    {
        _keys.Type("a😀b").Press(ConsoleKey.LeftArrow, ConsoleKey.Backspace).Enter();
        Assert.Equal("ab", await ReadAsync());
    }

    [Theory]
    [InlineData(ConsoleKey.C)]
    [InlineData(ConsoleKey.D)]
    public async Task On_an_empty_line_it_leaves(ConsoleKey key)
    {
        _keys.Control(key);
        Assert.Null(await ReadAsync());
    }

    [Fact]
    public async Task Lines_typed_before_come_back_and_the_unfinished_one_too()
    {
        _keys.Type("first").Enter().Type("second").Enter();
        await ReadAsync();
        await ReadAsync();
        _keys.Type("unfin").Press(ConsoleKey.UpArrow, ConsoleKey.UpArrow).Enter();
        Assert.Equal("first", await ReadAsync());

        _keys.Type("unfin")
            .Press(ConsoleKey.UpArrow, ConsoleKey.UpArrow, ConsoleKey.UpArrow, ConsoleKey.UpArrow)
            .Press(ConsoleKey.DownArrow, ConsoleKey.DownArrow, ConsoleKey.DownArrow, ConsoleKey.DownArrow)
            .Type("ished")
            .Enter();
        Assert.Equal("unfinished", await ReadAsync());
    }

    [Fact]
    public async Task Tab_completes_the_only_candidate()
    {
        _completion = new(7, ["book::1984"]);
        _keys.Type("lookup boo").Press(ConsoleKey.Tab).Type("--fresh").Enter();
        Assert.Equal("lookup book::1984 --fresh", await ReadAsync());
    }

    [Fact]
    public async Task Tab_goes_as_far_as_the_candidates_agree_and_then_shows_them()
    {
        _completion = new(0, ["region-east", "region-west"]);
        _keys.Type("re").Press(ConsoleKey.Tab).Enter();
        Assert.Equal("region-", await ReadAsync());
        Assert.DoesNotContain("region-west", _screen.ToString());

        _keys.Type("region-").Press(ConsoleKey.Tab).Enter();
        Assert.Equal("region-", await ReadAsync());
        Assert.Contains("region-east  region-west", _screen.ToString());
    }

    [Fact]
    public async Task Tab_does_not_guess_when_not_all_candidates_are_known()
    {
        _completion = new(0, ["book::a1", "book::a2"], MayHaveMore: true);
        _keys.Type("book::").Press(ConsoleKey.Tab).Enter();
        Assert.Equal("book::", await ReadAsync());
        Assert.Contains("...", _screen.ToString());
    }

    [Fact]
    public async Task A_line_longer_than_the_terminal_slides()
    {
        _keys.Type(new string('x', 100) + "END").Enter();
        Assert.Equal(103, (await ReadAsync())!.Length);
        var longest = _screen.ToString().Split('\r').Max(part => part.Split('\u001b')[0].Trim('\n').Length);
        Assert.True(longest < 40, $"{longest} columns were drawn on a terminal of 40");
    }

    [Fact]
    public async Task It_ends_when_the_program_does()
    {
        using var ending = new CancellationTokenSource();
        var reading = Editor().ReadLineAsync("> ", ending.Token);
        await ending.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
    }

    private LineEditor Editor() => new(_keys, _screen, () => 40, _history, (_, _, _) => Task.FromResult(_completion));

    private Task<string?> ReadAsync() => Editor().ReadLineAsync("> ", CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(30));
}
