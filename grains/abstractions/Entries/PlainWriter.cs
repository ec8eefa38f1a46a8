using System.Text;

namespace OrleansCache;

/// <summary>Writes everything as <see cref="PlainText"/>: log lines quote what books, clients and other servers say.</summary>
internal sealed class PlainWriter(TextWriter inner) : TextWriter
{
    public override Encoding Encoding => inner.Encoding;

    public override void Write(char value) => inner.Write(PlainText.Of(value.ToString()));

    public override void Write(string? value) => inner.Write(value is null ? null : PlainText.Of(value));

    public override void Write(char[] buffer, int index, int count) => inner.Write(PlainText.Of(new string(buffer, index, count)));

    public override void Write(ReadOnlySpan<char> buffer) => inner.Write(PlainText.Of(buffer.ToString()));

    public override void WriteLine(string? value) => inner.WriteLine(value is null ? null : PlainText.Of(value));

    public override void Flush() => inner.Flush();
}
