namespace OrleansCache.Engine.Serialization;

/// <summary>The base of the codecs of collections of one element type: a group of the count and the elements.</summary>
internal abstract class SequenceCodec<TSequence, T> : ValueCodec<TSequence>, ICompositeCodec
{
    /// <summary>What is allocated before the elements are seen to be there.</summary>
    protected const int TrustedCount = 1024;

    public override bool IsImmutable => false;

    public IEnumerable<CodecPart> Parts => [new CodecPart(new CodecKey(typeof(T)), $"an element of {TypeText.Of(typeof(TSequence))}")];

    protected IValueCodec<T> Element { get; private set; } = null!;

    public void Connect(Func<CodecKey, IValueCodec> codecs) => Element = (IValueCodec<T>)codecs(new CodecKey(typeof(T)));

    protected void WriteElements(ref WireWriter writer, ReadOnlySpan<T> elements)
    {
        writer.WriteVarint((uint)elements.Length);
        foreach (var element in elements)
            Element.Write(ref writer, element);
        writer.EndGroup();
    }

    /// <summary>Reads all elements into one array, which grows as they come when there are many.</summary>
    protected T[] ReadElements(ref WireReader reader)
    {
        var count = reader.ReadGroupCount();
        var elements = count == 0 ? [] : new T[Math.Min(count, TrustedCount)];
        for (var i = 0; i < count; i++)
        {
            if (i == elements.Length)
                Array.Resize(ref elements, (int)Math.Min(count, 2L * i));
            elements[i] = Element.Read(ref reader)!;
        }

        reader.EndGroup();
        return elements;
    }
}
