namespace OrleansCache.Http;

/// <summary>A file of the page.</summary>
/// <param name="Name">Its name.</param>
/// <param name="ContentType">What it is.</param>
/// <param name="Content">Its bytes.</param>
internal sealed record PageFile(string Name, string ContentType, ReadOnlyMemory<byte> Content);
