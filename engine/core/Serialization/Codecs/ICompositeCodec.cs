namespace OrleansCache.Engine.Serialization;

/// <summary>A codec that stands on others. It is made first and connected later, since types may lead back to themselves.</summary>
internal interface ICompositeCodec
{
    /// <summary>The types whose codecs it needs.</summary>
    IEnumerable<CodecPart> Parts { get; }

    /// <summary>Gives it the codecs of its <see cref="Parts"/>.</summary>
    void Connect(Func<CodecKey, IValueCodec> codecs);
}
