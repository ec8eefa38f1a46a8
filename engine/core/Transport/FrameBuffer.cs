using System.Buffers;
using System.Buffers.Binary;

namespace OrleansCache.Engine.Transport;

/// <summary>Frames on their way out, one after the other. Not thread-safe.</summary>
internal sealed class FrameBuffer : IBufferWriter<byte>
{
    /// <summary>A frame begins with its length, which does not count itself.</summary>
    public const int LengthSize = sizeof(int);
    private const int KeptSize = 1 << 16;
    private byte[] _bytes = [];
    private int _frame = -1;

    public int Length { get; private set; }

    public ReadOnlyMemory<byte> Written => _bytes.AsMemory(0, Length);

    public void BeginFrame()
    {
        _frame = Length;
        Length += GetSpan(LengthSize).Length >= LengthSize ? LengthSize : 0;
    }

    /// <summary>Sets the frame's length; a frame that is too large is taken back.</summary>
    /// <returns>The frame's length, or what it would have been.</returns>
    public int EndFrame(int most)
    {
        var length = Length - _frame - LengthSize;
        if (length > most) Length = _frame;
        else BinaryPrimitives.WriteInt32LittleEndian(_bytes.AsSpan(_frame), length);
        return length;
    }

    /// <summary>Takes back what was written since <see cref="BeginFrame"/>.</summary>
    public void AbandonFrame() => Length = _frame;

    public void Clear()
    {
        Length = 0;
        if (_bytes.Length <= KeptSize) return;
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = [];
    }

    public void Advance(int count) => Length += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _bytes.AsMemory(Length);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _bytes.AsSpan(Length);
    }

    private void Reserve(int count)
    {
        count = Math.Max(count, 1);
        if (_bytes.Length - Length >= count) return;
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(Length + count, Math.Max(4096, Math.Min(_bytes.Length, Array.MaxLength / 2) * 2)));
        _bytes.AsSpan(0, Length).CopyTo(larger);
        if (_bytes.Length > 0) ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = larger;
    }
}
