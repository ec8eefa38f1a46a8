namespace OrleansCache.Engine.References;

/// <summary>The end of a list of arguments, and the result of a method that has none.</summary>
internal readonly struct None;
