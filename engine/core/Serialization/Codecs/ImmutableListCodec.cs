using System.Collections.Immutable;

namespace OrleansCache.Engine.Serialization;

internal sealed class ImmutableListCodec<T> : SequenceCodec<ImmutableList<T>, T>
{
    public override bool IsImmutable => Element is { IsImmutable: true };

    public override void Write(ref WireWriter writer, ImmutableList<T>? value)
    {
        if (value is null)
        {
            writer.WriteNull();
            return;
        }

        writer.BeginGroup();
        WriteElements(ref writer, value.ToArray());
    }

    public override ImmutableList<T>? Read(ref WireReader reader)
    {
        if (!reader.ReadHeader(WireKind.Group))
            return null;
        reader.EnterGroup();
        return [.. ReadElements(ref reader)];
    }

    public override ImmutableList<T>? Copy(ImmutableList<T>? value, ref CopyContext context)
    {
        if (value is null || IsImmutable)
            return value;
        context.Enter();
        var copy = ImmutableList.CreateBuilder<T>();
        foreach (var element in value)
            copy.Add(Element.Copy(element, ref context)!);
        context.Leave();
        return copy.ToImmutable();
    }
}
