using System.Text;

namespace OrleansCache.Cli.Prompt;

/// <summary>A line being edited, and the cursor in it.</summary>
internal sealed class LineBuffer
{
    private readonly StringBuilder _text = new();

    public int Cursor { get; private set; }

    public int Length => _text.Length;

    public string Text
    {
        get => _text.ToString();
        set
        {
            _text.Clear().Append(value);
            Cursor = _text.Length;
        }
    }

    public void Insert(string text)
    {
        _text.Insert(Cursor, text);
        Cursor += text.Length;
    }

    /// <summary>Replaces the text between an index and the cursor.</summary>
    public void Replace(int start, string text)
    {
        _text.Remove(start, Cursor - start);
        Cursor = start;
        Insert(text);
    }

    public void Left() => Cursor -= StepBack();

    public void Right() => Cursor += StepForward();

    public void Home() => Cursor = 0;

    public void End() => Cursor = _text.Length;

    public void WordLeft() => Cursor = WordStart();

    public void WordRight()
    {
        while (Cursor < _text.Length && char.IsWhiteSpace(_text[Cursor]))
            Cursor++;
        while (Cursor < _text.Length && !char.IsWhiteSpace(_text[Cursor]))
            Cursor++;
    }

    public void Backspace() => Replace(Cursor - StepBack(), "");

    public void Delete() => _text.Remove(Cursor, StepForward());

    public void DeleteWord() => Replace(WordStart(), "");

    public void DeleteToStart() => Replace(0, "");

    public void DeleteToEnd() => _text.Length = Cursor;

    private int WordStart()
    {
        var start = Cursor;
        while (start > 0 && char.IsWhiteSpace(_text[start - 1]))
            start--;
        while (start > 0 && !char.IsWhiteSpace(_text[start - 1]))
            start--;
        return start;
    }

    // The cursor moves over a surrogate pair as one letter.
    private int StepBack() =>
        Cursor == 0 ? 0
        : Cursor > 1 && char.IsSurrogatePair(_text[Cursor - 2], _text[Cursor - 1]) ? 2
        : 1;

    private int StepForward() =>
        Cursor == _text.Length ? 0
        : Cursor + 1 < _text.Length && char.IsSurrogatePair(_text[Cursor], _text[Cursor + 1]) ? 2
        : 1;
}
