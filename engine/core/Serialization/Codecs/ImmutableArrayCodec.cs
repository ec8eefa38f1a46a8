using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace OrleansCache.Engine.Serialization;

internal sealed class ImmutableArrayCodec<T> : SequenceCodec<ImmutableArray<T>, T>
{
    public override bool IsImmutable => Element is { IsImmutable: true };

    public override void Write(ref WireWriter writer, ImmutableArray<T> value)
    {
        if (value.IsDefault)
        {
            writer.WriteNull();
            return;
        }

        writer.BeginGroup();
        WriteElements(ref writer, value.AsSpan());
    }

    public override ImmutableArray<T> Read(ref WireReader reader)
    {
        if (!reader.ReadHeader(WireKind.Group))
            return default;
        reader.EnterGroup();
        return ImmutableCollectionsMarshal.AsImmutableArray(ReadElements(ref reader));
    }

    public override ImmutableArray<T> Copy(ImmutableArray<T> value, ref CopyContext context)
    {
        if (value.IsDefault || IsImmutable)
            return value;
        context.Enter();
        var copy = new T[value.Length];
        for (var i = 0; i < copy.Length; i++)
            copy[i] = Element.Copy(value[i], ref context)!;
        context.Leave();
        return ImmutableCollectionsMarshal.AsImmutableArray(copy);
    }
}
