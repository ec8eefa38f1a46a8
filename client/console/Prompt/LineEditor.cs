namespace OrleansCache.Cli.Prompt;

/// <summary>
/// Reads a line from a terminal, with the cursor and Ctrl keys of a shell, history on the up and down arrows, and completion on Tab. A line
/// wider than the terminal scrolls horizontally.
/// </summary>
internal sealed class LineEditor(
    IKeyboard keyboard,
    TextWriter screen,
    Func<int> width,
    History history,
    Func<string, int, CancellationToken, Task<Completion>> complete)
{
    private const int MaxShown = 60;

    private readonly LineBuffer _line = new();
    private string _prompt = "";
    private string _unfinished = "";
    private int _place;

    /// <summary>Reads a line.</summary>
    /// <returns>The line, or null for Ctrl-D or Ctrl-C on an empty line.</returns>
    public async Task<string?> ReadLineAsync(string prompt, CancellationToken cancellation)
    {
        _prompt = prompt;
        _line.Text = "";
        _place = history.Count;
        Draw();
        while (true)
        {
            var key = await keyboard.ReadAsync(cancellation).ConfigureAwait(false);
            var control = key.Modifiers.HasFlag(ConsoleModifiers.Control);
            if (key.Key == ConsoleKey.Enter)
                return Finish(_line.Text);
            if (control && key.Key is ConsoleKey.C or ConsoleKey.D && control && _line.Length == 0)
                return Finish(null);
            if (key.Key == ConsoleKey.Tab)
                await CompleteAsync(cancellation).ConfigureAwait(false);
            else if (control)
                Control(key.Key);
            else
                Plain(key);
            Draw();
        }
    }

    private string? Finish(string? line)
    {
        screen.WriteLine();
        screen.Flush();
        if (line is not null)
            history.Add(line.Trim());
        return line;
    }

    private void Plain(ConsoleKeyInfo key)
    {
        switch (key.Key)
        {
            case ConsoleKey.LeftArrow: _line.Left(); break;
            case ConsoleKey.RightArrow: _line.Right(); break;
            case ConsoleKey.Home: _line.Home(); break;
            case ConsoleKey.End: _line.End(); break;
            case ConsoleKey.Backspace: _line.Backspace(); break;
            case ConsoleKey.Delete: _line.Delete(); break;
            case ConsoleKey.UpArrow: Recall(_place - 1); break;
            case ConsoleKey.DownArrow: Recall(_place + 1); break;
            case ConsoleKey.Escape: break;
            default:
                if (key.KeyChar != '\0' && !char.IsControl(key.KeyChar))
                    _line.Insert(key.KeyChar.ToString());
                break;
        }
    }

    private void Control(ConsoleKey key)
    {
        switch (key)
        {
            case ConsoleKey.A: _line.Home(); break;
            case ConsoleKey.E: _line.End(); break;
            case ConsoleKey.B: _line.Left(); break;
            case ConsoleKey.F: _line.Right(); break;
            case ConsoleKey.D: _line.Delete(); break;
            case ConsoleKey.H: _line.Backspace(); break;
            case ConsoleKey.Backspace or ConsoleKey.W: _line.DeleteWord(); break;
            case ConsoleKey.U: _line.DeleteToStart(); break;
            case ConsoleKey.K: _line.DeleteToEnd(); break;
            case ConsoleKey.P: Recall(_place - 1); break;
            case ConsoleKey.N: Recall(_place + 1); break;
            case ConsoleKey.LeftArrow: _line.WordLeft(); break;
            case ConsoleKey.RightArrow: _line.WordRight(); break;
            case ConsoleKey.L: screen.Write("\u001b[2J\u001b[H"); break;
            case ConsoleKey.C:
                // As in a shell, the typed text stays on the screen and an empty line begins.
                screen.WriteLine("^C");
                _line.Text = "";
                _place = history.Count;
                break;
        }
    }

    private void Recall(int place)
    {
        if (place < 0 || place > history.Count)
            return;
        if (_place == history.Count)
            _unfinished = _line.Text;
        _place = place;
        _line.Text = place == history.Count ? _unfinished : history[place];
    }

    private async Task CompleteAsync(CancellationToken cancellation)
    {
        var found = await complete(_line.Text, _line.Cursor, cancellation).ConfigureAwait(false);
        switch (found.Candidates)
        {
            case []:
                return;
            case [var only] when !found.MayHaveMore:
                _line.Replace(found.Start, only.EndsWith('/') ? only : only + " ");
                return;
        }

        var common = found.MayHaveMore ? "" : found.CommonPrefix();
        if (common.Length > _line.Cursor - found.Start)
        {
            _line.Replace(found.Start, common);
            return;
        }

        Show(found);
    }

    /// <summary>Shows the candidates below the line, in columns.</summary>
    private void Show(Completion found)
    {
        var shown = found.Candidates.Take(MaxShown).ToList();
        if (found.MayHaveMore || found.Candidates.Count > MaxShown)
            shown.Add("...");
        var column = shown.Max(candidate => candidate.Length) + 2;
        screen.WriteLine();
        foreach (var row in shown.Chunk(Math.Max(1, width() / column)))
            screen.WriteLine(string.Concat(row.Select(candidate => candidate.PadRight(column))).TrimEnd());
    }

    private void Draw()
    {
        var room = Math.Max(8, width() - _prompt.Length - 1);
        var start = Math.Max(0, _line.Cursor - room + 1);
        var visible = _line.Text.Substring(start, Math.Min(room, _line.Length - start));
        var column = _prompt.Length + _line.Cursor - start;
        screen.Write($"\r{_prompt}{visible}\u001b[K\r" + (column > 0 ? $"\u001b[{column}C" : ""));
        screen.Flush();
    }
}
