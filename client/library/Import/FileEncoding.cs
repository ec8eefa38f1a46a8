using System.Buffers;
using System.Text;

namespace OrleansCache.Client.Import;

/// <summary>
/// The encoding of a file. A mark at its beginning decides. Without one it is UTF-16 if every other byte of its beginning is zero, as in
/// the names of columns; and Windows-1252, in which spreadsheets of many countries write, if it has more bytes above 127 that are not
/// UTF-8 than characters that are. Else it is UTF-8.
/// </summary>
internal static class FileEncoding
{
    private const int HeadBytes = 512;
    private const int BufferBytes = 64 * 1024;

    // UTF-32's begins as UTF-16's does.
    private static readonly Encoding[] Marked =
    [
        Encoding.UTF8, Encoding.UTF32, new UTF32Encoding(bigEndian: true, byteOrderMark: true), Encoding.Unicode, Encoding.BigEndianUnicode,
    ];

    /// <summary>Finds the encoding out and goes back to the beginning.</summary>
    /// <param name="file">The file. Of one that cannot be read twice, such as a pipe, only a mark decides.</param>
    /// <param name="cancellation">Cancels the reading.</param>
    public static async Task<Encoding> OfAsync(Stream file, CancellationToken cancellation)
    {
        if (!file.CanSeek)
            return Encoding.UTF8;
        var begin = file.Position;
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            var length = await file.ReadAtLeastAsync(buffer, HeadBytes, throwOnEndOfStream: false, cancellation).ConfigureAwait(false);
            if (Array.Find(Marked, encoding => buffer.AsSpan(0, length).StartsWith(encoding.Preamble)) is { } marked)
                return marked;
            if (WideOf(buffer.AsSpan(0, Math.Min(length, HeadBytes))) is { } wide)
                return wide;
            var (good, bad, kept) = (0L, 0L, 0);
            while (length > 0)
            {
                kept = Count(buffer.AsSpan(0, kept + length), ref good, ref bad);
                length = await file.ReadAsync(buffer.AsMemory(kept), cancellation).ConfigureAwait(false);
            }

            return bad + kept > good ? CodePagesEncodingProvider.Instance.GetEncoding(1252)! : Encoding.UTF8;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
            file.Position = begin;
        }
    }

    private static Encoding? WideOf(ReadOnlySpan<byte> head)
    {
        var (even, odd) = (0, 0);
        for (var i = 0; i < head.Length; i++)
        {
            if (head[i] == 0 && i % 2 == 0)
                even++;
            else if (head[i] == 0)
                odd++;
        }

        // A file of one letter is none.
        var enough = Math.Max(2, head.Length / 8);
        return odd >= enough && even == 0 ? Encoding.Unicode
            : even >= enough && odd == 0 ? Encoding.BigEndianUnicode
            : null;
    }

    /// <summary>Counts the characters above 127, and the bytes that are none in UTF-8.</summary>
    /// <returns>How many bytes at the end may be the beginning of a character; they are moved to the front.</returns>
    private static int Count(Span<byte> bytes, ref long good, ref long bad)
    {
        var rest = bytes;
        while (rest.IndexOfAnyExceptInRange((byte)0, (byte)0x7F) is >= 0 and var at)
        {
            rest = rest[at..];
            var status = Rune.DecodeFromUtf8(rest, out _, out var used);
            if (status is OperationStatus.NeedMoreData)
            {
                rest.CopyTo(bytes);
                return rest.Length;
            }

            if (status is OperationStatus.Done)
                good++;
            else
                bad++;
            rest = rest[used..];
        }

        return 0;
    }
}
