namespace OrleansCache.Engine.Serialization;

/// <summary>Types as people write them, for messages.</summary>
internal static class TypeText
{
    public static string Of(Type type)
    {
        if (type.IsArray)
            return $"{Of(type.GetElementType()!)}[]";
        var name = type.FullName ?? type.Name;
        if (!type.IsConstructedGenericType)
            return name;
        var definition = type.GetGenericTypeDefinition().FullName!;
        return $"{definition[..definition.IndexOf('`', StringComparison.Ordinal)]}<{string.Join(", ", type.GenericTypeArguments.Select(Of))}>";
    }
}
