//! Names and values of our own making; the traps are those other tools are known to fall into.

use super::words::rows;
use super::*;

fn verdict(name: &str) -> Verdict {
    judge(name, None).verdict
}

fn expect(verdict_wanted: Verdict, names: &str) {
    for name in names.split_whitespace() {
        let it = judge(name, None);
        assert_eq!(it.verdict, verdict_wanted, "{name}, because {}", it.because);
    }
}

#[test]
fn words_are_split_at_signs_and_capitals() {
    for (name, expected) in [
        ("DB_PASSWORD", "DB PASSWORD"),
        ("npmAuthToken_2", "npm Auth Token 2"),
        ("APIKeyOfX", "API Key Of X"),
        ("Oauth2Pass", "Oauth2 Pass"),
        ("S3SECRETKEY", "S3 SECRETKEY"),
        ("__a..b--C__", "a b C"),
        ("Größe", "Gr e"),
        ("", ""),
        ("_", ""),
    ] {
        assert_eq!(words(name).collect::<Vec<_>>().join(" "), expected, "{name}");
    }
}

#[test]
fn names_of_secrets() {
    expect(
        Verdict::Secret,
        "PASSWORD passwd DB_PASS dbPassword SMTP_PWD ADMIN_PW SHOP_DB_PASSWORD_1 MYSQL_ROOT_PASSWORD
         ROOTPASSWORD appdbpassword LdapRootpass SHOPPASS Password2 KEYSTORE_PASSPHRASE
         TOKEN GITLAB_TOKEN slackBotToken REFRESH_TOKEN_OLD ACCESSTOKEN CI_DEPLOY_TOKENS
         SECRET CLIENT_SECRET oauthClientSecret WEBHOOKSECRET APP_SECRETS GITHUB_PAT
         CREDENTIALS WEBHOOK_CREDENTIALS SHOP_CREDS
         API_KEY apiKey APIKEY MAPS_API_KEY_2 S3SECRETACCESSKEY S3ACCESSKEY AWS_SECRET_ACCESS_KEY
         SSH_PRIVATE_KEY PRIVATEKEY MASTER_KEY SIGNING_KEY JWT_KEY CSRF_KEY LICENSE_KEY
         ENCRYPTION_KEYS STORAGE_ACCOUNT_KEY APP_KEY mailerKey RELIC_KEY key
         AUTH HTTP_AUTH REGISTRY_AUTH_JSON AUTH_STRING NPM_CONFIG__AUTH COMPOSER_AUTH
         SECRET_KEY_BASE GPG_PASSPHRASE PGPASSWORD SSHPASS KUBECONFIG_DATA VAULT_SECRET_ID
         GPG_PRIVATE_KEY PUBLIC_SITE_PASSWORD NONPUBLIC_SECRET_KEY PUBLICATION_TOKEN",
    );
    assert_eq!(judge("SHOP_DB_PASSWORD", None).because, Because::Word("password"));
    assert_eq!(judge("apiKey", None).because, Because::KeyOf("api"));
    assert_eq!(judge("mailerKey", None).because, Because::AnyKey);
    assert_eq!(judge("composer_auth", None).because, Because::KnownName);
}

#[test]
fn places_of_secrets() {
    expect(
        Verdict::Pointer,
        "DB_PASSWORD_FILE SECRETFILE TOKEN_PATH API_KEY_DIR SSL_PRIVATE_KEY_FILE SECRETS_DIR
         TOKEN_URL CREDENTIALS_URI SIGNING_KEY_OUTPUT_FILE sa_password_path passwordFile
         GOOGLE_APPLICATION_CREDENTIALS KUBECONFIG SSH_AUTH_SOCK AUTH_SOCKET_TOKEN_PATH",
    );
    assert_eq!(judge("DB_PASSWORD_FILE", None).because, Because::LastWord("file"));
}

/// Words that are only like a secret's, and names about secrets rather than of them.
#[test]
fn traps_of_names() {
    expect(
        Verdict::NotSecret,
        "PATH HOME AUTHOR AUTHORS MONKEY KEYBOARD TURKEY_VERSION KEYCLOAK_HOME KEYCLOAK_VERSION
         USERNAME DB_USERNAME PRIVATE TRAVIS_OS_NAME STRIPE_DEVICE_NAME ACCESS NGINX_ACCESS_LOG
         NGINX_ACCESS_LOG_FILENAME StrictHostKeyChecking KEYSIZE VALKEY_VERSION VALKEY_DOWNLOAD_SHA
         BYPASS_CACHE COMPASS_VERSION PASSENGER_MIN_INSTANCES KEEPASS_VERSION PASSTHROUGH
         OLD_LLVMPASS INSTALL_SSHPASS TOKENIZERS_PARALLELISM PASSWORDLESS SUDO_NOPASSWD PASS_ENV
         GPG_KEY GPG_KEYS RELEASE_GPG_KEY PGP_KEY_ID GOSU_GPGKEY RELEASE_KEYS SERVER_KEYS
         APT_KEY PUBLIC_KEY PUBLIC_TOKEN SSH_PUBKEY MINISIGN_PUBKEY AUTH_PUBLICKEY
         PASSWORD_MIN_LENGTH TOKEN_EXPIRY TOKEN_TTL TOKEN_TYPE SECRET_NAME SECRET_ID API_KEY_ID
         API_KEY_NAME KEY_SIZE SECRET_KEY_BASE_DUMMY AUTH_VERSION CREDENTIAL_HELPER
         PASSWORD_HASH_ALGORITHM HOST_AUTH_METHOD AUTH_HOST AUTH_PORT AUTH_MODULE_VERSION
         JWT_SECRET_IS_BASE64 ROLE_CLAIM_KEY CACHE_KEY SITE_KEY PARTITION_KEY
         USE_GKE_GCLOUD_AUTH_PLUGIN ALLOW_EMPTY_PASSWORD ENABLE_TOKEN_AUTH REQUIRE_PASSWORD
         MAX_TOKENS LLM_INPUT_TOKENS SERVER_TOKENS TOKENS_PER_MINUTE PWD OLDPWD
         DATABASE_URL HTTP_PROXY PIP_INDEX_URL
         NEXT_PUBLIC_API_KEY NEXT_PUBLIC_ACCESS_TOKEN_KEY EXPO_PUBLIC_MAPS_KEY",
    );
    assert_eq!(judge("GPG_KEY", None).because, Because::Harmless("gpg"));
    assert_eq!(judge("KEYCLOAK_HOME", None).because, Because::Nothing);
    assert_eq!(judge("PASSWORD_MIN_LENGTH", None).because, Because::LastWord("length"));
    assert_eq!(judge("SSH_PUBKEY", None).because, Because::Nothing);
    assert_eq!(judge("PUBLIC_KEY", None).because, Because::Public);
}

/// An access key's id is no secret, but it is set where the secret is.
#[test]
fn access_key_ids() {
    assert_eq!(judge("BACKUP_ACCESS_KEY_ID", None).because, Because::AccessKeyId);
    assert_eq!(verdict("AWS_ACCESS_KEY_ID"), Verdict::Secret);
    assert_eq!(verdict("backupAccessKeyId"), Verdict::Secret);
    assert_eq!(verdict("ACCESS_KEY_ID_LENGTH"), Verdict::NotSecret);
}

#[test]
fn what_front_ends_publish() {
    let it = judge("VITE_SHOP_API_KEY", None);
    assert_eq!((it.verdict, it.in_bundle), (Verdict::Secret, true));
    let it = judge("REACT_APP_TITLE", None);
    assert_eq!((it.verdict, it.in_bundle), (Verdict::NotSecret, true));
    let it = judge("NEXT_PUBLIC_PAYMENT_SECRET_KEY", None);
    assert_eq!((it.verdict, it.in_bundle), (Verdict::Secret, true), "the name asks for a leak");
    assert_eq!(verdict("VITE_AWS_ACCESS_KEY_ID"), Verdict::Secret);
    assert!(!judge("SHOP_API_KEY", None).in_bundle);
}

#[test]
fn values_confirm_or_clear() {
    use Value as V;
    for (name, value, wanted, looks) in [
        ("DB_PASSWORD", "hunter2", Verdict::Secret, V::Literal),
        ("Filters__0__Key", "ProcessId", Verdict::NotSecret, V::Literal),
        ("MAILER_KEY", "a81f-22c", Verdict::Secret, V::Literal),
        ("DB_PASSWORD", "changeme", Verdict::Secret, V::DefaultPassword),
        ("DB_PASSWORD", "Password", Verdict::Secret, V::DefaultPassword),
        ("DB_PASSWORD", "<fill in>", Verdict::Secret, V::Placeholder),
        ("DB_PASSWORD", "{{ password }}", Verdict::Secret, V::Placeholder),
        ("DB_PASSWORD", "%PW%", Verdict::Secret, V::Placeholder),
        ("DB_PASSWORD", "_", Verdict::Secret, V::Placeholder),
        ("DB_PASSWORD", "XXXXXX", Verdict::Secret, V::Placeholder),
        ("API_TOKEN", "REPLACE_WITH_YOURS", Verdict::Secret, V::Placeholder),
        ("DB_PASSWORD", "", Verdict::NotSecret, V::Empty),
        ("DB_PASSWORD", "  ", Verdict::NotSecret, V::Empty),
        ("DB_PASSWORD", "true", Verdict::NotSecret, V::Switch),
        ("DB_PASSWORD", "No", Verdict::NotSecret, V::Switch),
        ("DB_PASSWORD", "/run/secrets/db", Verdict::Pointer, V::Path),
        ("DB_PASSWORD", "./pw.txt", Verdict::Pointer, V::Path),
        ("DB_PASSWORD", r"C:\secrets\db", Verdict::Pointer, V::Path),
        ("DB_PASSWORD", "/9j+4AAQSk==", Verdict::Secret, V::Literal),
        ("DB_PASSWORD", "$OTHER", Verdict::NotSecret, V::Reference),
        ("DB_PASSWORD", "${OTHER:-x}", Verdict::NotSecret, V::Reference),
        ("DB_PASSWORD", "${DB_PASSWORD}", Verdict::Secret, V::Reference),
        ("DB_PASSWORD", "$BUILD_TOKEN", Verdict::Secret, V::Reference),
        ("DB_PASSWORD", "$BUILD_TOKEN_FILE", Verdict::NotSecret, V::Reference),
        ("DB_PASSWORD", "a$b", Verdict::Secret, V::Literal),
        ("AUTH_TOKEN", "https://auth.example.com/token", Verdict::NotSecret, V::Url),
        ("AUTH_TOKEN", "1.2.3", Verdict::NotSecret, V::Version),
        ("AUTH_TOKEN", "v10.0", Verdict::NotSecret, V::Version),
        ("AUTH_TOKEN", "123456789", Verdict::Secret, V::Literal),
        (
            "NODE_KEY",
            "7937DFD2AB06298B2293C3187D33FF9D0246406D",
            Verdict::NotSecret,
            V::Fingerprint,
        ),
        ("NODE_KEY", "0x0A9AF2115F4687BD 6B73A36E", Verdict::NotSecret, V::Fingerprint),
        ("NODE_KEY", "7937dfd2ab06298b2293c3187d33ff9d0246406d", Verdict::Secret, V::Literal),
        ("API_KEY", "7937DFD2AB06298B2293C3187D33FF9D0246406D", Verdict::Secret, V::Fingerprint),
        ("GREETING", "hunter2", Verdict::NotSecret, V::Literal),
        ("DB_PASSWORD_FILE", "hunter2", Verdict::Pointer, V::Literal),
    ] {
        let it = judge(name, Some(value));
        assert_eq!((it.verdict, it.value), (wanted, looks), "{name}={value}");
    }
    let it = judge("DB_PASSWORD", Some(""));
    assert_eq!(it.because.to_string(), "its value is empty");
}

/// An address with a password is a secret under any name; one without is none.
#[test]
fn passwords_in_addresses() {
    for (name, value, wanted) in [
        ("DATABASE_URL", "postgres://shop:hunter2@db/shop", Verdict::Secret),
        ("BACKEND", "https://shop:hunter2@example.com", Verdict::Secret),
        ("TOKEN_URL", "https://shop:hunter2@example.com", Verdict::Secret),
        ("DATABASE_URL", "postgres://db/shop", Verdict::NotSecret),
        ("DATABASE_URL", "postgres://shop@db/shop", Verdict::NotSecret),
        ("DATABASE_URL", "postgres://shop:@db/shop", Verdict::NotSecret),
        ("DATABASE_URL", "postgres://shop:$PW@db/shop", Verdict::NotSecret),
        ("DATABASE_URL", "postgres://shop:<password>@db/shop", Verdict::NotSecret),
        ("HTTP_PROXY", "http://proxy:3128", Verdict::NotSecret),
        ("LINK", "https://example.com/a:b@c", Verdict::NotSecret),
    ] {
        assert_eq!(judge(name, Some(value)).verdict, wanted, "{name}={value}");
    }
}

#[test]
fn long_and_strange_names_are_judged_quickly() {
    let long = "a_".repeat(10_000);
    assert_eq!(judge(&long, Some(&long)).verdict, Verdict::NotSecret);
    assert_eq!(verdict(&"1_".repeat(10_000)), Verdict::NotSecret);
    let secrets = format!("{}FILE", "PASSWORD_".repeat(2_000));
    assert_eq!(verdict(&secrets), Verdict::Pointer);
    assert_eq!(verdict("пароль_PASSWORD_ключ"), Verdict::Secret);
    assert_eq!(verdict(""), Verdict::NotSecret);
}

/// Every rule the code asks for is in the table, and the other way round.
#[test]
fn the_table_is_read_completely() {
    let used = [
        ("strong", Rule::Strong),
        ("strong-last", Rule::StrongLast),
        ("glued", Rule::Glued),
        ("glued-last", Rule::GluedLast),
        ("key-of", Rule::KeyOf),
        ("auth-next", Rule::AuthNext),
        ("pointer-last", Rule::PointerLast),
        ("other-last", Rule::OtherLast),
        ("any", Rule::Any),
        ("public", Rule::Public),
        ("key-any", Rule::KeyAny),
        ("count-before", Rule::CountBefore),
        ("text-any", Rule::TextAny),
        ("glued-other", Rule::GluedOther),
        ("frontend", Rule::Frontend),
        ("frontend-public", Rule::FrontendPublic),
        ("exact-secret", Rule::ExactSecret),
        ("exact-url", Rule::ExactUrl),
        ("exact-pointer", Rule::ExactPointer),
        ("exact-other", Rule::ExactOther),
        ("placeholder", Rule::Placeholder),
        ("default", Rule::Default),
        ("chosen", Rule::Chosen),
    ];
    let rules: Vec<&str> = rows().map(|it| it.0).collect();
    assert_eq!(rules, used.map(|(name, _)| name));
    for (number, (rule, it)) in used.into_iter().enumerate() {
        assert_eq!(it as usize, number, "{rule}");
        let exact = rule.starts_with("exact") || rule.starts_with("frontend");
        let mut words = list(it).to_vec();
        for word in &words {
            let same = |it: &str| it == *word || (exact && it.eq_ignore_ascii_case(word));
            assert!(!word.is_empty() && find(it, word).is_some_and(same), "{rule} {word}");
            let (bare, cased) = (bare(word), word.to_ascii_uppercase());
            assert!(bare == *word || !words.contains(&bare), "{rule} has {word} without number");
            assert!(known(&cased).is(it) && !known(&format!("{word}x")).is(it), "{rule} {word}");
        }
        let n_words = words.len();
        words.sort_unstable();
        words.dedup();
        assert_eq!(words.len(), n_words, "{rule} has a word twice");
        let cased = |it: &&str| {
            it.bytes().all(|it| {
                !(if exact { u8::is_ascii_lowercase } else { u8::is_ascii_uppercase })(&it)
            })
        };
        assert!(words.iter().all(cased), "{rule}");
    }
}

fn check_in_text(expected: Name, names: &[&str]) {
    for name in names {
        assert_eq!(in_text(name), expected, "{name}");
    }
}

#[test]
fn names_in_code_and_settings() {
    check_in_text(
        Name::Password,
        &[
            "DB_PASS",
            "REDIS_PASS",
            "FtpPassword",
            "ROOTPASSWORD",
            "DBPASS",
            "mysql.password",
            "VITE_ADMIN_PASSWORD",
        ],
    );
    check_in_text(
        Name::Secret,
        &[
            "amazonToken",
            "S3SECRETACCESSKEY",
            "API_KEY",
            "apiKey",
            "client-secret",
            "AWS_SECRET_ACCESS_KEY",
            "SECRET_KEY_BASE",
            "REGISTRY_AUTH",
            "privateKey",
        ],
    );
    check_in_text(
        Name::About,
        &[
            "GPG_KEY",
            "OPENSSL_PGP_KEY_IDS",
            "SECRET_NAME",
            "PASSWORD_LENGTH",
            "USE_TOKEN",
            "password2_hint",
            "csrf_token",
            "forgotPassword",
        ],
    );
    check_in_text(
        Name::Plain,
        &["KEY", "BYPASS_CACHE", "PASSENGER_MIN", "monkey", "HOME", "AUTHOR", "VALKEY_URL"],
    );
    check_in_text(
        Name::Pointer,
        &["GOOGLE_APPLICATION_CREDENTIALS", "KUBECONFIG", "TOKEN_FILE", "SSH_AUTH_SOCK"],
    );
}
